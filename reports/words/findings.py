"""What the core finds, in words: representativeness, neighbours, questions, missing scores."""

from collections.abc import Iterator, Sequence

from assessment.core.answers.answers import Standing
from assessment.core.answers.scoring import Unscored, UnscoredOverall, UnscoredPrinciple
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Effort
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
from assessment.locale import gettext, lazy_gettext, mark, ngettext
from reports.formats import capitalise, format_percent
from reports.words.groups import GROUP_KIND_WORDS, name_peers

FLAG_WORDS = {
    QuestionFlag.MANY_DONT_KNOW: lazy_gettext("many do not know"),
    QuestionFlag.MOST_AT_LOWEST: lazy_gettext("most are at the lowest level"),
    QuestionFlag.MOST_AT_HIGHEST: lazy_gettext("most are at the highest level"),
    QuestionFlag.LOW_ITEM_TOTAL: lazy_gettext("does not go with its principle"),
}

# The traits that neighbours are chosen by, and what is said of those that have less or more.
TRAIT_NAMES = {
    "population": lazy_gettext("size"),
    "deprivation_score": lazy_gettext("deprivation"),
    "density": lazy_gettext("density"),
    "rural_share": lazy_gettext("rurality"),
}
TRAIT_DIFFERENCES = {
    "population": (lazy_gettext("smaller"), lazy_gettext("larger")),
    "deprivation_score": (lazy_gettext("less deprived"), lazy_gettext("more deprived")),
    "density": (lazy_gettext("less dense"), lazy_gettext("denser")),
    "rural_share": (lazy_gettext("less rural"), lazy_gettext("more rural")),
}

# By whether traits are similar, whether some differ, and whether most are of another type.
DESCRIPTIONS = {
    (True, False, False): mark("similar in %(similar)s"),
    (True, True, False): mark("similar in %(similar)s, %(differing)s than yours"),
    (True, False, True): mark("similar in %(similar)s, mostly of another type"),
    (True, True, True): mark(
        "similar in %(similar)s, %(differing)s than yours, mostly of another type"
    ),
    (False, True, False): mark("%(differing)s than yours"),
    (False, True, True): mark("%(differing)s than yours, mostly of another type"),
    (False, False, True): mark("mostly of another type"),
}

STANDING_WORDS = {
    Standing.DONT_KNOW: lazy_gettext("Don't know"),
    Standing.DOES_NOT_APPLY: lazy_gettext("Does not apply"),
}


EFFORT_WORDS = {
    Effort.DAYS: lazy_gettext("takes days"),
    Effort.WEEKS: lazy_gettext("takes weeks"),
    Effort.MONTHS: lazy_gettext("takes months"),
}


def say_effort(effort: Effort) -> str:
    """Say how long an action takes.

    Parameters
    ----------
    effort : of the action.

    Returns
    -------
    A verb and what follows it.
    """
    return str(EFFORT_WORDS[effort])


def say_flags(flags: Sequence[QuestionFlag]) -> str:
    """Say what is to be looked at in a question.

    Parameters
    ----------
    flags : of one question, in order.

    Returns
    -------
    The flags, divided by semicolons; empty where there is none.
    """
    return "; ".join(str(FLAG_WORDS[flag]) for flag in flags)


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
    similar = [str(TRAIT_NAMES[one]) for one in likeness.similar]
    differing = [str(TRAIT_DIFFERENCES[d.trait_id][d.is_more]) for d in likeness.differing]
    described = gettext(
        DESCRIPTIONS[bool(similar), bool(differing), likeness.is_other_type],
        similar=join_words(similar),
        differing=join_words(differing),
    )
    if likeness.is_distant:
        return gettext(
            "Few authorities in %(nation)s are like yours; the nearest are %(described)s.",
            nation=likeness.nation,
            described=described,
        )
    if not likeness.is_everybody:
        return f"{capitalise(described)}."
    return ngettext(
        "This is the only other in %(nation)s that can be compared: %(described)s.",
        "These are all %(num)s others in %(nation)s that can be compared: %(described)s.",
        likeness.count,
        nation=likeness.nation,
        described=described,
    )


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
        return ngettext(
            "%(num)s of %(principles)s is not scored",
            "%(num)s of %(principles)s are not scored",
            unscored.missing,
            principles=ngettext("%(num)s principle", "%(num)s principles", unscored.principles),
        )
    if unscored.applicable == 0:
        return gettext("every question was said not to apply")
    return _say_missing(unscored)


def say_standing(standing: Standing) -> str:
    """Say what was answered where no level was given.

    Parameters
    ----------
    standing : Don't know or Does not apply.

    Returns
    -------
    The words of the answer.
    """
    return str(STANDING_WORDS[standing])


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
        return gettext(
            "You chose level %(number)s, %(name)s, for every question of these principles: "
            "%(principles)s. Is that how you see each question, or is one of them further on or "
            "further behind?",
            number=query.level.number,
            name=query.level.name,
            principles="; ".join(principle.name for principle in query.principles),
        )
    return gettext(
        "You chose level %(level)s for “%(question)s” and level %(other_level)s for “%(other)s”. "
        "%(why)s Are both as you meant them?",
        level=query.level,
        question=query.question.title,
        other_level=query.other_level,
        other=query.other.title,
        why=query.why,
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
    percent = format_percent(100 * verdict.counted / verdict.of_n)
    over = mark(
        "%(name)s are over-represented: %(counted)s of %(of_n)s against %(percent)s overall."
    )
    under = mark(
        "%(name)s are under-represented: %(counted)s of %(of_n)s against %(percent)s overall."
    )
    sentences = [
        *_say_groups(over, verdict.group_kind, verdict.over, percent),
        *_say_groups(under, verdict.group_kind, verdict.under, percent),
    ]
    return " ".join(sentences) or gettext(
        "No %(kind)s stands out from the %(percent)s overall.",
        kind=GROUP_KIND_WORDS[verdict.group_kind].one,
        percent=percent,
    )


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
    kinds = join_words([str(GROUP_KIND_WORDS[kind].one) for kind in conclusion.group_kinds])
    match conclusion.representation:
        case Representation.NOBODY:
            return gettext("No authority is counted yet.")
        case Representation.EVERYBODY:
            return gettext("Every authority is counted.")
        case Representation.UNEVEN:
            return gettext(_choose_remedy(conclusion.group_kinds), kinds=kinds)
        case Representation.TOO_FEW:
            return gettext(
                "Too few are counted to tell whether they stand for all: %(counted)s of %(of_n)s; "
                "it takes %(needed)s.",
                counted=conclusion.counted,
                of_n=conclusion.of_n,
                needed=conclusion.needed,
            )
    return gettext("Those that are counted could be a random draw by %(kinds)s.", kinds=kinds)


def join_words(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    Parameters
    ----------
    words : any number.

    Returns
    -------
    The words, separated by commas, the last by "and".
    """
    if len(words) < 2:
        return "".join(words)
    return gettext("%(words)s and %(last)s", words=", ".join(words[:-1]), last=words[-1])


def _say_missing(unscored: UnscoredPrinciple) -> str:
    """Say how many levels a principle has of how many it takes, and what stands in for the rest."""
    count = unscored.levels
    values = {
        "questions": ngettext("%(num)s question", "%(num)s questions", unscored.applicable),
        "needed": unscored.needed,
        "dont_know": unscored.dont_know,
        "unanswered": unscored.unanswered,
    }
    if not unscored.unanswered:
        return ngettext(
            "%(num)s of %(questions)s has a level and %(needed)s must; %(dont_know)s are Don't "
            "know",
            "%(num)s of %(questions)s have a level and %(needed)s must; %(dont_know)s are Don't "
            "know",
            count,
            **values,
        )
    if not unscored.dont_know:
        return ngettext(
            "%(num)s of %(questions)s has a level and %(needed)s must; %(unanswered)s have no "
            "answer",
            "%(num)s of %(questions)s have a level and %(needed)s must; %(unanswered)s have no "
            "answer",
            count,
            **values,
        )
    return ngettext(
        "%(num)s of %(questions)s has a level and %(needed)s must; %(dont_know)s are Don't know "
        "and %(unanswered)s have no answer",
        "%(num)s of %(questions)s have a level and %(needed)s must; %(dont_know)s are Don't know "
        "and %(unanswered)s have no answer",
        count,
        **values,
    )


def _say_groups(
    message: str, kind: GroupKind, groups: Sequence[GroupCount], percent: str
) -> Iterator[str]:
    """Say a message of each group of a kind."""
    for group in groups:
        yield gettext(
            message,
            name=capitalise(name_peers(group.group_name, kind, group.group_id)),
            counted=group.counted,
            of_n=group.of_n,
            percent=percent,
        )


def _choose_remedy(uneven: Sequence[GroupKind]) -> str:
    """Choose what to say where those that are counted differ from all by these kinds."""
    if GroupKind.TYPE not in uneven:
        return mark(
            "Those that are counted differ from all by %(kinds)s: no mean is weighted for that, "
            "so read the groups' own figures beside those of all."
        )
    if len(uneven) == 1:
        return mark(
            "Those that are counted differ from all by %(kinds)s: where it is given, read the "
            "mean weighted by type beside the raw one."
        )
    return mark(
        "Those that are counted differ from all by %(kinds)s: where it is given, read the mean "
        "weighted by type beside the raw one; it puts right the types alone."
    )
