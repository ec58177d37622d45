"""Participation: whether the authorities that are counted are representative of the register."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb, nan, sqrt

import pandas as pd

from assessment.core.people.groups import PROTECTION_ORDER, GroupKind
from assessment.core.rounding import round_half_up
from assessment.core.statistics.figures import BenchmarkError

# The kinds by which participation is judged, the likeliest to differ first.
JUDGED_KINDS = tuple(
    kind for kind in PROTECTION_ORDER if kind not in {GroupKind.ALL, GroupKind.NEIGHBOURS}
)
# A group stands out where its number would come by chance in under 5% of draws, divided by the
# number of groups of the kind: so at most 5% of kinds are wrongly said to be uneven.
CHANCE = 0.05
# With fewer counted authorities, or a smaller percentage of all, finding no difference means
# little: of 30, a group that is a tenth of all has none in 4% of draws, so that its absence would
# not stand out.
MIN_TO_JUDGE = 30
MIN_PERCENT_TO_JUDGE = 10
# No mean is weighted by type where types whose own mean is withheld hold more of the register.
MAX_IMPUTED_SHARE = 0.2
COLUMNS = ["group_kind", "group_id", "group_name", "of_n", "counted", "share"]
COLUMNS += ["expected", "residual", "p_value"]


class Representation(StrEnum):
    """Whether those that are counted represent all."""

    NOBODY = "nobody"
    EVERYBODY = "everybody"
    UNEVEN = "uneven"
    TOO_FEW = "too_few"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many of one group's authorities are counted."""

    group_id: str
    group_name: str
    counted: int
    of_n: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is found of one kind of group: which are over- and which under-represented.

    ``counted`` authorities of all ``of_n`` that are in a group of this kind.
    """

    group_kind: GroupKind
    counted: int
    of_n: int
    over: tuple[GroupCount, ...]
    under: tuple[GroupCount, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Whether those that are counted represent all, over every kind of group.

    ``group_kinds`` are those by which they do not where some groups stand out, else those that
    were judged. ``needed`` authorities would have to be counted to tell.
    """

    representation: Representation
    group_kinds: tuple[GroupKind, ...]
    counted: int
    of_n: int
    needed: int


@dataclass(frozen=True, slots=True)
class WeightedMean:
    """The mean of an item weighted by type; None where too much would be imputed.

    ``withheld`` of ``types`` have a withheld mean, with ``withheld_share`` of the register
    [0 to 1]; the mean of all stands in for theirs.
    """

    mean: float | None
    withheld: int
    types: int
    withheld_share: float


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
    One row per group, by kind in the order of `JUDGED_KINDS`, then name: ``group_kind``,
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
    of_kinds = [_summarise_kind(memberships, kind, counted_ids) for kind in JUDGED_KINDS]
    return pd.DataFrame([row for rows in of_kinds for row in rows], columns=COLUMNS)


def judge_representativeness(participation: pd.DataFrame) -> tuple[Verdict, ...]:
    """Say for each kind of group which stand out.

    Parameters
    ----------
    participation : one row per group, as `summarise_participation` gives it.

    Returns
    -------
    One verdict per kind that has groups. A group stands out where ``p_value`` is under 5% divided
    by the number of groups of the kind (Bonferroni).
    """
    kinds = participation.groupby("group_kind", sort=False)
    return tuple(_judge_kind(GroupKind(str(kind)), rows) for kind, rows in kinds)


def summarise_representativeness(verdicts: Sequence[Verdict]) -> Conclusion:
    """Conclude whether those that are counted represent all.

    Parameters
    ----------
    verdicts : one a kind of group.

    Returns
    -------
    The conclusion. A difference that stands out does so however few are counted. Where none
    does and fewer than `MIN_TO_JUDGE` authorities or `MIN_PERCENT_TO_JUDGE` percent of all are
    counted, they are too few to tell.
    """
    # An authority is in no group of a kind that the register lacks its fact for, so the kind that
    # covers most gives the totals.
    counted = max((v.counted for v in verdicts), default=0)
    of_n = max((v.of_n for v in verdicts), default=0)
    # No more can be needed than there are, in a register of fewer than the minimum.
    needed = min(max(MIN_TO_JUDGE, -(-MIN_PERCENT_TO_JUDGE * of_n // 100)), of_n)
    uneven = tuple(v.group_kind for v in verdicts if v.over or v.under)
    judged = tuple(v.group_kind for v in verdicts)
    if not counted:
        found = Representation.NOBODY
    elif all(v.counted == v.of_n for v in verdicts):
        found = Representation.EVERYBODY
    elif uneven:
        found = Representation.UNEVEN
    else:
        found = Representation.TOO_FEW if counted < needed else Representation.RANDOM
    return Conclusion(found, uneven or judged, counted, of_n, needed)


def post_stratify_by_type(figures: pd.DataFrame) -> dict[tuple[str, str], WeightedMean]:
    """Weight the means of an edition to the register, so that each type counts as it does there.

    Parameters
    ----------
    figures : one row per group and item of an edition, as published.

    Returns
    -------
    By (measure, item id): the mean of the types' means, weighted by their authorities in the
    register [level, to 0.1]. A type whose mean is withheld counts with the mean of everybody.
    Where such types hold more than `MAX_IMPUTED_SHARE` of the authorities the mean is None. An
    item whose mean of everybody is withheld is left out.

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
    mean = None
    if share <= MAX_IMPUTED_SHARE:
        total = float((types["mean"].fillna(everybody) * types["of_n"]).sum())
        mean = round_half_up(total / of_n, 1)
    return WeightedMean(mean, int(withheld.sum()), len(types), share)


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
    """Find the groups of a kind that stand out."""
    odd = rows[rows["p_value"] < CHANCE / len(rows)]
    return Verdict(
        group_kind=kind,
        counted=int(rows["counted"].sum()),
        of_n=int(rows["of_n"].sum()),
        over=_list_counts(odd[odd["counted"] > odd["expected"]]),
        under=_list_counts(odd[odd["counted"] < odd["expected"]]),
    )


def _list_counts(rows: pd.DataFrame) -> tuple[GroupCount, ...]:
    """List the groups of these rows."""
    columns = (rows[name] for name in ("group_id", "group_name", "counted", "of_n"))
    groups = zip(*columns, strict=True)
    return tuple(GroupCount(str(id_), str(name), int(n), int(of)) for id_, name, n, of in groups)
