"""What the core decides, in words."""

import pytest

from assessment.core.people.groups import GROUP_KINDS, GroupKind
from assessment.core.statistics.representativeness import (
    Conclusion,
    GroupCount,
    Representation,
    Verdict,
    WeightedMean,
)
from reports.words import GROUP_KIND_WORDS, say_conclusion, say_verdict, say_weighting

REMEDY = "where it is given, read the mean weighted by type beside the raw one"
TYPE, REGION = GroupKind.TYPE, GroupKind.REGION


def test_every_kind_of_group_has_words():
    assert list(GROUP_KIND_WORDS) == [spec.kind for spec in GROUP_KINDS]


def test_say_verdict_names_the_groups_that_stand_out():
    over = (GroupCount("county", "counties", 8, 10),)
    under = (GroupCount("district", "districts", 2, 30),)

    # 10 of 40 are 25%
    assert say_verdict(Verdict(TYPE, 10, 40, over, under)) == (
        "Counties are over-represented: 8 of 10 against 25% overall. "
        "Districts are under-represented: 2 of 30 against 25% overall."
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (TYPE, "No type of authority stands out from the 28% overall."),
        (REGION, "No region stands out from the 28% overall."),
        (GroupKind.NATION, "No nation stands out from the 28% overall."),
        (GroupKind.BAND, "No population band stands out from the 28% overall."),
        (GroupKind.RURALITY, "No urban and rural class stands out from the 28% overall."),
    ],
)
def test_say_verdict_where_none_stands_out_says_so(kind: GroupKind, words: str):
    # 11 of 40 are 27.5%, told as 28
    assert say_verdict(Verdict(kind, 11, 40, (), ())) == words


@pytest.mark.parametrize(
    ("found", "kinds", "words"),
    [
        (Representation.NOBODY, (TYPE,), "No authority is counted yet."),
        (Representation.EVERYBODY, (TYPE,), "Every authority is counted."),
        (
            Representation.RANDOM,
            (TYPE, REGION, GroupKind.BAND),
            "Those that are counted could be a random draw by type of authority, region and "
            "population band.",
        ),
        (
            Representation.TOO_FEW,
            (TYPE,),
            "Too few are counted to tell whether they stand for all: 29 of 200; it takes 30.",
        ),
        (
            Representation.UNEVEN,
            (TYPE,),
            f"Those that are counted differ from all by type of authority: {REMEDY}.",
        ),
        (
            Representation.UNEVEN,
            (REGION,),
            "Those that are counted differ from all by region: no mean is weighted for that, so "
            "read the groups' own figures beside those of all.",
        ),
        (
            Representation.UNEVEN,
            (TYPE, REGION),
            "Those that are counted differ from all by type of authority and region: "
            f"{REMEDY}; it puts right the types alone.",
        ),
    ],
)
def test_say_conclusion(found: Representation, kinds: tuple[GroupKind, ...], words: str):
    assert say_conclusion(Conclusion(found, kinds, 29, 200, 30)) == words


@pytest.mark.parametrize(
    ("weighted", "words"),
    [
        (WeightedMean(2.5, 0, 2, 0.0), ""),
        (
            WeightedMean(3.9, 2, 3, 0.2),
            "the mean of all stands in for the withheld mean of 2 of 3 types",
        ),
        # 9 of 40 are 22.5%, told as 23
        (
            WeightedMean(None, 1, 2, 0.225),
            "not given: means are withheld of 1 of 2 types, with 23% of authorities",
        ),
    ],
)
def test_say_weighting(weighted: WeightedMean, words: str):
    assert say_weighting(weighted) == words
