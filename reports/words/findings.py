"""What the core finds, in words: representativeness, neighbours, questions, missing scores."""

from collections.abc import Iterator, Sequence

from assessment.core.answers.answers import Standing
from assessment.core.answers.scoring import Unscored, UnscoredOverall
from assessment.core.people.groups import GroupKind
from assessment.core.rounding import round_half_up
from assessment.core.statistics.item_analysis import (
    PlausibilityQuery,
    QuestionFlag,
    UniformLevels,
)
from assessment.core.statistics.neighbours import Likeness
from assessment.core.statistics.representativeness import (
    Conclusion,
    GroupCount,
    Representation,
    Verdict,
)
from reports.formats import capitalise, format_count
from reports.words.groups import GROUP_KIND_WORDS

FLAG_WORDS = {
    QuestionFlag.MANY_DONT_KNOW: "many do not know",
    QuestionFlag.MOST_AT_LOWEST: "most are at the lowest level",
    QuestionFlag.MOST_AT_HIGHEST: "most are at the highest level",
    QuestionFlag.LOW_ITEM_TOTAL: "does not go with its principle",
}

# The traits that neighbours are chosen by, and what is said of those that have less or more.
TRAIT_NAMES = {
    "population": "size",
    "deprivation_score": "deprivation",
    "density": "density",
    "rural_share": "rurality",
}
TRAIT_DIFFERENCES = {
    "population": ("smaller", "larger"),
    "deprivation_score": ("less deprived", "more deprived"),
    "density": ("less dense", "denser"),
    "rural_share": ("less rural", "more rural"),
}

STANDING_WORDS = {Standing.DONT_KNOW: "Don't know", Standing.DOES_NOT_APPLY: "Does not apply"}


def say_flags(flags: Sequence[QuestionFlag]) -> str:
    """Say what is to be looked at in a question.

    Parameters
    ----------
    flags : of one question, in order.

    Returns
    -------
    The flags, divided by semicolons; empty where there is none.
    """
    return "; ".join(FLAG_WORDS[flag] for flag in flags)


def say_likeness(likeness: Likeness) -> str:
    """Say in one sentence what an authority's neighbours are like.

    Parameters
    ----------
    likeness : of the whole set.

    Returns
    -------
    "Similar in size and deprivation, denser than yours." Where few authorities are like the
    reader's, or where all there are were taken, the sentence begins with it.
    """
    parts = []
    if likeness.similar:
        parts.append(f"similar in {join_words([TRAIT_NAMES[one] for one in likeness.similar])}")
    if likeness.differing:
        words = [TRAIT_DIFFERENCES[one.trait_id][one.is_more] for one in likeness.differing]
        parts.append(f"{join_words(words)} than yours")
    if likeness.is_other_type:
        parts.append("mostly of another type")
    described, nation, count = ", ".join(parts), likeness.nation, likeness.count
    if likeness.is_distant:
        return f"Few authorities in {nation} are like yours; the nearest are {described}."
    if not likeness.is_everybody:
        return f"{capitalise(described)}."
    if count == 1:
        return f"This is the only other in {nation} that can be compared: {described}."
    return f"These are all {count} others in {nation} that can be compared: {described}."


def say_unscored(unscored: Unscored | None) -> str:
    """Say why there is no score.

    Parameters
    ----------
    unscored : of a principle or of the whole; None where it is scored.

    Returns
    -------
    A phrase with the numbers; empty where it is scored.
    """
    if unscored is None:
        return ""
    if isinstance(unscored, UnscoredOverall):
        are = "is" if unscored.missing == 1 else "are"
        of_all = format_count(unscored.principles, "principle")
        return f"{unscored.missing} of {of_all} {are} not scored"
    if unscored.applicable == 0:
        return "every question was said not to apply"
    standings = {"are Don't know": unscored.dont_know, "have no answer": unscored.unanswered}
    why = " and ".join(f"{number} {words}" for words, number in standings.items() if number)
    have = "has" if unscored.levels == 1 else "have"
    of_all = format_count(unscored.applicable, "question")
    return f"{unscored.levels} of {of_all} {have} a level and {unscored.needed} must; {why}"


def say_standing(standing: Standing) -> str:
    """Say what was answered where no level was given.

    Parameters
    ----------
    standing : Don't know or Does not apply.

    Returns
    -------
    The words of the answer.
    """
    return STANDING_WORDS[standing]


def say_query(query: PlausibilityQuery) -> str:
    """Ask whoever answered whether it is as they meant it.

    Parameters
    ----------
    query : about some of their answers.

    Returns
    -------
    Sentences; the last is a question.
    """
    if isinstance(query, UniformLevels):
        names = "; ".join(principle.name for principle in query.principles)
        return (
            f"You chose level {query.level.number}, {query.level.name}, for every question of "
            f"these principles: {names}. Is that how you see each question, or is one of them "
            "further on or further behind?"
        )
    return (
        f"You chose level {query.level} for “{query.question.title}” and level "
        f"{query.other_level} for “{query.other.title}”. {query.why} Are both as you meant them?"
    )


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
    kinds = [GROUP_KIND_WORDS[kind].one for kind in conclusion.group_kinds]
    match conclusion.representation:
        case Representation.NOBODY:
            return "No authority is counted yet."
        case Representation.EVERYBODY:
            return "Every authority is counted."
        case Representation.UNEVEN:
            remedy = _say_remedy(conclusion.group_kinds)
            return f"Those that are counted differ from all by {join_words(kinds)}: {remedy}."
        case Representation.TOO_FEW:
            counts = f"{conclusion.counted} of {conclusion.of_n}; it takes {conclusion.needed}"
            return f"Too few are counted to tell whether they stand for all: {counts}."
    return f"Those that are counted could be a random draw by {join_words(kinds)}."


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
