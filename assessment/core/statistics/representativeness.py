"""Who took part and who did not: whether those that are counted stand for those that could be."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import comb, nan, sqrt

import pandas as pd

from assessment.core.people.groups import (
    GroupKind,
)
from assessment.core.rounding import round_half_up
from assessment.core.statistics.figures import BenchmarkError

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
# Below so many counted authorities, or so many percent of all, nothing can be told from finding no
# difference: of 30, a group that is a tenth of all has none in 4% of draws, so its missing
# altogether would not stand out.
MIN_TO_JUDGE = 30
MIN_PERCENT_TO_JUDGE = 10
# No mean is weighted by type where types whose own mean is withheld hold more of the register.
MAX_IMPUTED_SHARE = 0.2
COLUMNS = ["group_kind", "group_id", "group_name", "of_n", "counted", "share"]
COLUMNS += ["expected", "residual", "p_value"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one kind of group: the groups that stand out, and a sentence."""

    group_kind: GroupKind
    counted: int
    of_n: int
    over_ids: tuple[str, ...]
    under_ids: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """The mean of an item weighted by type; None where not given. ``note`` says why, or of what."""

    mean: float | None
    note: str


def summarise_participation(
    memberships: pd.DataFrame, counted_ids: Collection[str]
) -> pd.DataFrame:
    """Set who is counted against who could be, in every group.

    Parameters
    ----------
    memberships : one row per (authority_id, group_kind) of the whole register
        As `assessment.core.people.groups.list_memberships` gives it.
    counted_ids : authorities that have submitted and agreed to be counted: those that figures
        are made from.

    Returns
    -------
    One row per group, by kind in the order of `KINDS`, then name: ``group_kind``,
    ``group_id``, ``group_name``; ``of_n`` authorities in the group, ``counted`` of them;
    ``share`` [0 to 1]; ``expected`` counted at the rate of all groups of the kind
    [authorities]; ``residual`` of counted from expected in standard deviations, NaN where
    chance has no play; ``p_value`` two-sided [0 to 1].

    Raises
    ------
    BenchmarkError if a counted authority is in no group.

    Notes
    -----
    Were those that are counted a random draw of the register, a group's number of them would be
    hypergeometric. The residual is standardised by its deviation; the p-value is exact, the
    probability of all numbers not more probable than the one seen (Freeman and Halton 1951).
    """
    strangers = sorted(set(counted_ids) - set(memberships["authority_id"]))
    if strangers:
        raise BenchmarkError(f"These authorities are counted but in no group: {strangers}.")
    of_kinds = [_summarise_kind(memberships, kind, counted_ids) for kind in KINDS]
    return pd.DataFrame([row for rows in of_kinds for row in rows], columns=COLUMNS)


def judge_representativeness(participation: pd.DataFrame) -> tuple[Verdict, ...]:
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


def summarise_representativeness(verdicts: Sequence[Verdict]) -> str:
    """Say in one sentence whether those that are counted stand for all.

    Parameters
    ----------
    verdicts : one a kind of group.

    Returns
    -------
    A sentence. It names the kinds by which they do not, and what to read instead: the mean
    weighted by type puts right types alone. A difference that stands out does so however few
    are counted. Where none does and fewer than `MIN_TO_JUDGE` authorities or
    `MIN_PERCENT_TO_JUDGE` percent of all are counted, it says that they are too few to tell.
    """
    if not any(v.counted for v in verdicts):
        return "No authority is counted yet."
    if all(v.counted == v.of_n for v in verdicts):
        return "Every authority is counted."
    uneven = [v.group_kind for v in verdicts if v.over_ids or v.under_ids]
    if uneven:
        names = _join([KINDS[kind] for kind in uneven])
        return f"Those that are counted differ from all by {names}: {_say_remedy(uneven)}."
    counted, of_n = max(v.counted for v in verdicts), max(v.of_n for v in verdicts)
    needed = min(max(MIN_TO_JUDGE, -(-MIN_PERCENT_TO_JUDGE * of_n // 100)), of_n)
    if counted < needed:
        words = f"{counted} of {of_n}; it takes {needed}"
        return f"Too few are counted to tell whether they stand for all: {words}."
    kinds = _join([KINDS[v.group_kind] for v in verdicts])
    return f"Those that are counted could be a random draw by {kinds}."


def post_stratify_by_type(figures: pd.DataFrame) -> dict[tuple[str, str], WeightedMean]:
    """Weight the means of an edition to the register, so that each type counts as it does there.

    Parameters
    ----------
    figures : one row per group and item of an edition, as published.

    Returns
    -------
    By (measure, item id): the mean of the types' means, weighted by their authorities in the
    register [level, to 0.1]. A type whose mean is withheld counts with the mean of everybody,
    and the note says how many do. Where such types hold more than `MAX_IMPUTED_SHARE` of the
    authorities the mean is None and the note says so. An item whose mean of everybody is
    withheld is left out.

    Notes
    -----
    Post-stratification (Holt and Smith 1979) by type of authority. It is worked out from
    published figures alone, so it tells nothing that they do not; they are rounded, so it may
    be off by 0.1. Assumed is that within a type those that are counted are like those that are
    not, and that a type filled with everybody's mean is like everybody: with at most a fifth of
    the register filled, an error of half a level there moves the mean by at most 0.1.
    """
    of_type = figures[figures["group_kind"] == GroupKind.TYPE.value]
    everybody = figures[figures["group_kind"] == GroupKind.ALL.value]
    known = everybody.dropna(subset="mean")
    means = {
        (str(m), str(i)): float(mean)
        for m, i, mean in zip(known["measure"], known["item_id"], known["mean"], strict=True)
    }
    by_item = of_type.groupby(["measure", "item_id"])
    items = [((str(measure), str(item_id)), rows) for (measure, item_id), rows in by_item]
    return {item: _weigh(rows, means[item]) for item, rows in items if item in means}


def _weigh(types: pd.DataFrame, everybody: float) -> WeightedMean:
    """Weight the types' means of one item; ``everybody`` stands in where one is withheld."""
    withheld = types["mean"].isna()
    of_n = int(types["of_n"].sum())
    share = int(types.loc[withheld, "of_n"].sum()) / of_n
    words = f"{withheld.sum()} of {len(types)} types"
    if share > MAX_IMPUTED_SHARE:
        percent = f"{round_half_up(100 * share):.0f}% of authorities"
        return WeightedMean(None, f"not given: means are withheld of {words}, with {percent}")
    mean = round_half_up(float((types["mean"].fillna(everybody) * types["of_n"]).sum() / of_n), 1)
    note = f"the mean of all stands in for the withheld mean of {words}" if share else ""
    return WeightedMean(mean, note)


def _say_remedy(uneven: Sequence[GroupKind]) -> str:
    """Say what to read where those that are counted differ from all by these kinds."""
    if GroupKind.TYPE not in uneven:
        return "no mean is weighted for that, so read the groups' own figures beside those of all"
    words = "where it is given, read the mean weighted by type beside the raw one"
    return words if len(uneven) == 1 else f"{words}; it puts right the types alone"


def _summarise_kind(
    memberships: pd.DataFrame, kind: GroupKind, counted_ids: Collection[str]
) -> list[tuple[object, ...]]:
    """Return the rows of one kind of group, by name."""
    rows = memberships[memberships["group_kind"] == kind.value]
    rows = rows.assign(counted=rows["authority_id"].isin(counted_ids))
    groups = rows.groupby(["group_name", "group_id"])["counted"]
    of_all, n = len(rows), int(rows["counted"].sum())
    return [
        (kind.value, group_id, name, *_compare_with_draw(int(part.sum()), len(part), n, of_all))
        for (name, group_id), part in groups
    ]


def _compare_with_draw(counted: int, of_n: int, n: int, of_all: int) -> tuple[float, ...]:
    """Return a group's numbers beside those of a random draw of n from all."""
    expected = n * of_n / of_all
    variance = expected * (1 - of_n / of_all) * (of_all - n) / max(of_all - 1, 1)
    residual = (counted - expected) / sqrt(variance) if variance > 0 else nan
    p_value = _two_sided_p(counted, of_n, n, of_all)
    return of_n, counted, counted / of_n, expected, residual, p_value


def _two_sided_p(counted: int, of_n: int, n: int, of_all: int) -> float:
    """Return the probability of all numbers that are not more probable than this one."""
    draws = [comb(of_n, k) * comb(of_all - of_n, n - k) for k in range(min(of_n, n) + 1)]
    return sum(d for d in draws if d <= draws[counted]) / comb(of_all, n)


def _judge_kind(kind: GroupKind, rows: pd.DataFrame) -> Verdict:
    """Say which groups of a kind stand out."""
    counted, of_n = int(rows["counted"].sum()), int(rows["of_n"].sum())
    overall = f"{round_half_up(100 * counted / of_n):.0f}% overall"
    odd = rows[rows["p_value"] < CHANCE / len(rows)]
    over = odd[odd["counted"] > odd["expected"]]
    under = odd[odd["counted"] < odd["expected"]]
    sentences = [_stands_out(row, "over", overall) for _, row in over.iterrows()]
    sentences += [_stands_out(row, "under", overall) for _, row in under.iterrows()]
    return Verdict(
        group_kind=kind,
        counted=counted,
        of_n=of_n,
        over_ids=tuple(over["group_id"]),
        under_ids=tuple(under["group_id"]),
        sentence=" ".join(sentences) or f"No {KINDS[kind]} stands out from the {overall}.",
    )


def _stands_out(row: pd.Series, how: str, overall: str) -> str:
    """Say of one group that it stands out."""
    name = str(row["group_name"])
    counts = f"{row['counted']} of {row['of_n']} against {overall}"
    return f"{name[0].upper()}{name[1:]} are {how}-represented: {counts}."


def _join(words: list[str]) -> str:
    """Join words as a sentence does: by commas, the last by "and"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
