"""Who took part and who did not: whether those that answered stand for those that could."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import comb, nan, sqrt

import pandas as pd

from assessment.core.authorities import Authority, GroupKind, tier_of
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
# A group stands out where its number would come by chance in under 5 % of draws, divided by the
# number of groups of the kind: so at most 5 % of kinds are wrongly said to be uneven.
CHANCE = 0.05
# The fewest answers of a stratum that is weighted by itself. [authorities]
MIN_FOR_STRATUM = 5
COLUMNS = ["group_kind", "group_id", "group_name", "of_n", "submitted", "share"]
COLUMNS += ["expected", "residual", "p_value"]

# A nation and a tier; and some of them taken together.
Label = tuple[str, str]
Labels = tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one kind of group: the groups that stand out, and a sentence."""

    group_kind: GroupKind
    submitted: int
    of_n: int
    over_ids: tuple[str, ...]
    under_ids: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the register that is weighted as one: ``n`` answers of ``of_n`` authorities.

    Each answer counts for ``weight`` authorities.
    """

    labels: Labels
    n: int
    of_n: int
    weight: float


@dataclass(frozen=True, slots=True)
class PostStratifiedMean:
    """A mean of those that answered, raw and weighted to the register.

    ``raw`` is None where nobody has a value; ``weighted`` where it cannot be made.
    """

    raw: float | None
    weighted: float | None
    n: int
    of_n: int
    strata: tuple[Stratum, ...]


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
    against 41 % overall." A group stands out where ``p_value`` is under 5 % divided by the
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
        words = "read the weighted mean beside the raw one"
        return f"Those that submitted differ from all by {_join(uneven)}: {words}."
    kinds = _join([KINDS[v.group_kind] for v in verdicts])
    return f"Those that submitted could be a random draw by {kinds}."


def list_strata(authorities: Sequence[Authority]) -> pd.Series:
    """Return each present authority's stratum: its nation and the tier of its type.

    Parameters
    ----------
    authorities : the register; those with an ``ended_on`` are left out.

    Returns
    -------
    By authority_id: (nation, tier).
    """
    present = [a for a in authorities if a.ended_on is None]
    strata = [(a.nation, tier_of(a.type).value) for a in present]
    return pd.Series(strata, index=[a.id for a in present], dtype=object)


def poststratify(values: pd.Series, strata: pd.Series) -> PostStratifiedMean:
    """Weight a mean to the register, so that each stratum counts as it does there.

    Parameters
    ----------
    values : float, by authority_id of those that answered; NaN where there is no value.
    strata : by authority_id of the whole register, as `list_strata` gives it.

    Returns
    -------
    The raw mean, and beside it the mean of the strata's means weighted by their authorities in
    the register. The weighted one is None where there are fewer than 5 values, or where only
    one stratum is left, which says nothing that the raw mean does not.

    Raises
    ------
    BenchmarkError if an authority has a value and no stratum, or two values.

    Notes
    -----
    Each answer of stratum h has the weight N_h / n_h (Holt and Smith 1979). Strata of fewer
    than 5 answers are joined: first those of one nation with one another and, if they are
    still fewer, with the nation's stratum of fewest answers that has 5; then what is left in
    the same way over all nations. It is assumed that within a stratum those that answered are
    like those that did not.
    """
    if values.index.has_duplicates or not values.index.isin(strata.index).all():
        raise BenchmarkError("An authority has a value and no stratum, or two values.")
    given = values.dropna()
    label_of: dict[Hashable, Label] = strata.to_dict()
    sizes = Counter(label_of.values())
    answers = Counter(label_of[who] for who in given.index)
    joined = _join_over_nations({label: answers[label] for label in sizes})
    parts = tuple(_stratum(labels, answers, sizes) for labels in joined) if joined[1:] else ()
    weights = {label: part.weight for part in parts for label in part.labels}
    total = sum(weights[label_of[who]] * value for who, value in given.items()) if parts else None
    return PostStratifiedMean(
        raw=float(given.mean()) if len(given) else None,
        weighted=None if total is None else float(total / len(strata)),
        n=len(given),
        of_n=len(strata),
        strata=parts,
    )


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
    overall = f"{round_half_up(100 * submitted / of_n):.0f} % overall"
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


def _join_over_nations(answers: Mapping[Label, int]) -> list[Labels]:
    """Join the strata of too few answers: in each nation, then what is left."""
    counts: dict[Labels, int] = {}
    for nation in sorted({label[0] for label in answers}):
        counts |= _join_small({(k,): n for k, n in sorted(answers.items()) if k[0] == nation})
    return sorted(_join_small(counts))


def _join_small(counts: dict[Labels, int]) -> dict[Labels, int]:
    """Join all strata of too few answers; if still too few, with the smallest of the others."""
    small = [labels for labels, n in counts.items() if n < MIN_FOR_STRATUM]
    large = {labels: n for labels, n in counts.items() if n >= MIN_FOR_STRATUM}
    total = sum(counts[labels] for labels in small)
    if small and large and total < MIN_FOR_STRATUM:
        fewest = min(large, key=lambda labels: (large[labels], labels))
        total += large.pop(fewest)
        small.append(fewest)
    joined = tuple(sorted(label for labels in small for label in labels))
    return large | ({joined: total} if joined else {})


def _stratum(labels: Labels, answers: Counter[Label], sizes: Counter[Label]) -> Stratum:
    """Return joined strata as one."""
    n, of_n = sum(answers[k] for k in labels), sum(sizes[k] for k in labels)
    return Stratum(labels, n, of_n, of_n / n)
