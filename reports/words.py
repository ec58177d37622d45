"""What the core decides, in words: the one room that has sentences for its enums and numbers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.core.people.groups import GroupKind
from assessment.core.rounding import round_half_up
from assessment.core.statistics.representativeness import (
    Conclusion,
    GroupCount,
    Representation,
    Verdict,
    WeightedMean,
)
from reports.formats import capitalise


@dataclass(frozen=True, slots=True)
class GroupKindWords:
    """What people call a kind of group: one, many, its worksheet and the title of its table."""

    one: str
    many: str
    sheet: str
    table: str


GROUP_KIND_WORDS = {
    GroupKind.ALL: GroupKindWords(
        "all authorities", "all authorities together", "All", "Benchmark of all authorities"
    ),
    GroupKind.NATION: GroupKindWords("nation", "nations", "Nations", "Benchmark by nation"),
    GroupKind.REGION: GroupKindWords("region", "regions", "Regions", "Benchmark by region"),
    GroupKind.TYPE: GroupKindWords(
        "type of authority", "types of authority", "Types", "Benchmark by type of authority"
    ),
    GroupKind.BAND: GroupKindWords(
        "population band", "population bands", "Population bands", "Benchmark by population band"
    ),
    GroupKind.RURALITY: GroupKindWords(
        "urban and rural class",
        "urban and rural classes",
        "Urban and rural",
        "Benchmark by urban and rural class",
    ),
}


def say_verdict(verdict: Verdict) -> str:
    """Say which groups of a kind stand out.

    Parameters
    ----------
    verdict : of one kind of group.

    Returns
    -------
    Sentences such as "Counties are over-represented: 18 of 21 against 41% overall."
    """
    percent = f"{round_half_up(100 * verdict.counted / verdict.of_n):.0f}%"
    sentences = [
        *_say_groups("{name} are over-represented: {counts}.", verdict.over, percent),
        *_say_groups("{name} are under-represented: {counts}.", verdict.under, percent),
    ]
    kind = GROUP_KIND_WORDS[verdict.group_kind].one
    return " ".join(sentences) or f"No {kind} stands out from the {percent} overall."


def say_conclusion(conclusion: Conclusion) -> str:
    """Say in one sentence whether those that are counted stand for all.

    Parameters
    ----------
    conclusion : over every kind of group.

    Returns
    -------
    A sentence. Where some groups stand out it names the kinds, and what to read instead: the
    mean weighted by type puts right types alone.
    """
    kinds = join_words([GROUP_KIND_WORDS[kind].one for kind in conclusion.group_kinds])
    match conclusion.representation:
        case Representation.NOBODY:
            return "No authority is counted yet."
        case Representation.EVERYBODY:
            return "Every authority is counted."
        case Representation.UNEVEN:
            remedy = _say_remedy(conclusion.group_kinds)
            return f"Those that are counted differ from all by {kinds}: {remedy}."
        case Representation.TOO_FEW:
            counts = f"{conclusion.counted} of {conclusion.of_n}; it takes {conclusion.needed}"
            return f"Too few are counted to tell whether they stand for all: {counts}."
    return f"Those that are counted could be a random draw by {kinds}."


def say_weighting(weighted: WeightedMean) -> str:
    """Say what is to be known of a mean weighted by type; empty where nothing is.

    Parameters
    ----------
    weighted : of one item.

    Returns
    -------
    How many types' means were withheld: filled with the mean of all, or too many to give one.
    """
    types = f"{weighted.withheld} of {weighted.types} types"
    if weighted.mean is None:
        percent = f"{round_half_up(100 * weighted.withheld_share):.0f}% of authorities"
        return f"not given: means are withheld of {types}, with {percent}"
    if weighted.withheld:
        return f"the mean of all stands in for the withheld mean of {types}"
    return ""


def join_words(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    Parameters
    ----------
    words : one or more.

    Returns
    -------
    The words, separated by commas, the last by "and".
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _say_groups(sentence: str, groups: Sequence[GroupCount], percent: str) -> Iterator[str]:
    """Fill a sentence in for each group."""
    for group in groups:
        counts = f"{group.counted} of {group.of_n} against {percent} overall"
        yield sentence.format(name=capitalise(group.group_name), counts=counts)


def _say_remedy(uneven: Sequence[GroupKind]) -> str:
    """Say what to read where those that are counted differ from all by these kinds."""
    if GroupKind.TYPE not in uneven:
        return "no mean is weighted for that, so read the groups' own figures beside those of all"
    words = "where it is given, read the mean weighted by type beside the raw one"
    return words if len(uneven) == 1 else f"{words}; it puts right the types alone"


def name_group_kind(kind: GroupKind) -> str:
    """Name one group of a kind.

    Parameters
    ----------
    kind : one that is the same for everybody.

    Returns
    -------
    What one of it is called, such as "region".
    """
    return GROUP_KIND_WORDS[kind].one


FILTERS: dict[str, Callable[..., Any]] = {
    "verdict": say_verdict,
    "conclusion": say_conclusion,
    "group_kind": name_group_kind,
}
