"""Who took part and who did not: whether those that answered stand for those that could."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import comb, nan, sqrt

import pandas as pd

from assessment.core.authorities import GroupKind
from assessment.core.figures import BenchmarkError
from assessment.core.rounding import round_half_up

# The kinds that participation is told by, with the words for one of a kind.
KINDS = {
    GroupKind.TYPE: "type of authority",
    GroupKind.REGION: "region",
    GroupKind.NATION: "nation",
    GroupKind.BAND: "population band",
    GroupKind.RURALITY: "urban and rural class",
}
# A group stands out where its number would come by chance in under 5% of draws, divided by the
# number of groups of the kind: so at most 5% of kinds are wrongly said to be uneven.
CHANCE = 0.05
COLUMNS = ["group_kind", "group_id", "group_name", "of_n", "submitted", "share"]
COLUMNS += ["expected", "residual", "p_value"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one kind of group: the groups that stand out, and a sentence."""

    group_kind: GroupKind
    submitted: int
    of_n: int
    over_ids: tuple[str, ...]
    under_ids: tuple[str, ...]
    sentence: str


def summarise_participation(
    memberships: pd.DataFrame, submitted_ids: Collection[str]
) -> pd.DataFrame:
    """Set who submitted against who could, in every group.

    Parameters
    ----------
    memberships : one row per (authority_id, group_kind) of the whole register
        As `assessment.core.authorities.list_memberships` gives it.
    submitted_ids : authorities that have submitted.

    Returns
    -------
    One row per group, by kind in the order of `KINDS`, then name: ``group_kind``,
    ``group_id``, ``group_name``; ``of_n`` authorities in the group, ``submitted`` of them;
    ``share`` [0 to 1]; ``expected`` submitted at the rate of all groups of the kind
    [authorities]; ``residual`` of submitted from expected in standard deviations, NaN where
    chance has no play; ``p_value`` two-sided [0 to 1].

    Raises
    ------
    BenchmarkError if an authority that submitted is in no group.

    Notes
    -----
    Were those that submitted a random draw of the register, a group's number of them would be
    hypergeometric. The residual is standardised by its deviation; the p-value is exact, the
    probability of all numbers not more probable than the one seen (Freeman and Halton 1951).
    """
    strangers = sorted(set(submitted_ids) - set(memberships["authority_id"]))
    if strangers:
        raise BenchmarkError(f"These authorities submitted but are in no group: {strangers}.")
    of_kinds = [_summarise_kind(memberships, kind, submitted_ids) for kind in KINDS]
    return pd.DataFrame([row for rows in of_kinds for row in rows], columns=COLUMNS)


def judge_participation(participation: pd.DataFrame) -> tuple[Verdict, ...]:
    """Say for each kind of group which stand out.

    Parameters
    ----------
    participation : one row per group, as `summarise_participation` gives it.

    Returns
    -------
    One verdict per kind that has groups, such as "Counties are over-represented: 18 of 21
    against 41% overall." A group stands out where ``p_value`` is under 5% divided by the
    number of groups of the kind (Bonferroni).
    """
    kinds = participation.groupby("group_kind", sort=False)
    return tuple(_judge_kind(GroupKind(str(kind)), rows) for kind, rows in kinds)


def conclude(verdicts: Sequence[Verdict]) -> str:
    """Say in one sentence whether those that answered stand for all.

    Parameters
    ----------
    verdicts : one a kind of group.

    Returns
    -------
    A sentence that names the kinds by which they do not.
    """
    if not any(v.submitted for v in verdicts):
        return "Nobody has submitted yet."
    if all(v.submitted == v.of_n for v in verdicts):
        return "Everybody has submitted."
    uneven = [KINDS[v.group_kind] for v in verdicts if v.over_ids or v.under_ids]
    if uneven:
        words = "read the mean weighted by type beside the raw one"
        return f"Those that submitted differ from all by {_join(uneven)}: {words}."
    kinds = _join([KINDS[v.group_kind] for v in verdicts])
    return f"Those that submitted could be a random draw by {kinds}."


def weigh_by_type(figures: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Weight the means of an edition to the register, so that each type counts as it does there.

    Parameters
    ----------
    figures : one row per group and item of an edition, as published.

    Returns
    -------
    By (measure, item id): the mean of the types' means, weighted by their authorities in the
    register [level, to 0.1]. A type whose mean is withheld counts with the mean of everybody.
    An item is left out where that, or the mean of every type, is withheld.

    Notes
    -----
    Post-stratification (Holt and Smith 1979) by type of authority. It is worked out from
    published figures alone, so it tells nothing that they do not; they are rounded, so it may
    be off by 0.1. Assumed is that within a type those that answered are like those that did not.
    """
    of_type = figures[figures["group_kind"] == GroupKind.TYPE.value]
    everybody = figures[figures["group_kind"] == GroupKind.ALL.value]
    known = everybody.dropna(subset="mean")
    means = {
        (str(m), str(i)): float(mean)
        for m, i, mean in zip(known["measure"], known["item_id"], known["mean"], strict=True)
    }
    weighted = {}
    for (measure, item_id), rows in of_type.groupby(["measure", "item_id"]):
        item = str(measure), str(item_id)
        if item in means and rows["mean"].notna().any():
            parts = rows["mean"].fillna(means[item]) * rows["of_n"]
            weighted[item] = round_half_up(float(parts.sum() / rows["of_n"].sum()), 1)
    return weighted


def _summarise_kind(
    memberships: pd.DataFrame, kind: GroupKind, submitted_ids: Collection[str]
) -> list[tuple[object, ...]]:
    """Return the rows of one kind of group, by name."""
    rows = memberships[memberships["group_kind"] == kind.value]
    rows = rows.assign(submitted=rows["authority_id"].isin(submitted_ids))
    groups = rows.groupby(["group_name", "group_id"])["submitted"]
    of_all, n = len(rows), int(rows["submitted"].sum())
    return [
        (kind.value, group_id, name, *_compare_with_draw(int(part.sum()), len(part), n, of_all))
        for (name, group_id), part in groups
    ]


def _compare_with_draw(submitted: int, of_n: int, n: int, of_all: int) -> tuple[float, ...]:
    """Return a group's numbers beside those of a random draw of n from all."""
    expected = n * of_n / of_all
    variance = expected * (1 - of_n / of_all) * (of_all - n) / max(of_all - 1, 1)
    residual = (submitted - expected) / sqrt(variance) if variance > 0 else nan
    p_value = _two_sided_p(submitted, of_n, n, of_all)
    return of_n, submitted, submitted / of_n, expected, residual, p_value


def _two_sided_p(submitted: int, of_n: int, n: int, of_all: int) -> float:
    """Return the probability of all numbers that are not more probable than this one."""
    draws = [comb(of_n, k) * comb(of_all - of_n, n - k) for k in range(min(of_n, n) + 1)]
    return sum(d for d in draws if d <= draws[submitted]) / comb(of_all, n)


def _judge_kind(kind: GroupKind, rows: pd.DataFrame) -> Verdict:
    """Say which groups of a kind stand out."""
    submitted, of_n = int(rows["submitted"].sum()), int(rows["of_n"].sum())
    overall = f"{round_half_up(100 * submitted / of_n):.0f}% overall"
    odd = rows[rows["p_value"] < CHANCE / len(rows)]
    over = odd[odd["submitted"] > odd["expected"]]
    under = odd[odd["submitted"] < odd["expected"]]
    sentences = [_stands_out(row, "over", overall) for _, row in over.iterrows()]
    sentences += [_stands_out(row, "under", overall) for _, row in under.iterrows()]
    return Verdict(
        group_kind=kind,
        submitted=submitted,
        of_n=of_n,
        over_ids=tuple(over["group_id"]),
        under_ids=tuple(under["group_id"]),
        sentence=" ".join(sentences) or f"No {KINDS[kind]} stands out from the {overall}.",
    )


def _stands_out(row: pd.Series, how: str, overall: str) -> str:
    """Say of one group that it stands out."""
    name = str(row["group_name"])
    counts = f"{row['submitted']} of {row['of_n']} against {overall}"
    return f"{name[0].upper()}{name[1:]} are {how}-represented: {counts}."


def _join(words: list[str]) -> str:
    """Join words as a sentence does: by commas, the last by "and"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
