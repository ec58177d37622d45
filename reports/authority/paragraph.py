"""A paragraph about a report, to paste into a committee paper."""

from collections.abc import Iterator

from assessment.locale import gettext, ngettext
from reports.authority.data import ReportData
from reports.authority.parts import ScoreData
from reports.formats import format_change, format_date, format_level
from reports.words import cite_edition, say_doubt, say_position


def write_paragraph(report: ReportData) -> str:
    """Write what a report says as plain text.

    Parameters
    ----------
    report : the data of one report.

    Returns
    -------
    Some sentences in the third person, without mark-up: the profile, where peers stand, what
    comes first, and where the figures come from.
    """
    sentences = [
        *_say_scores(report),
        *_say_basis(report),
        *_say_tasks(report),
        _say_source(report),
    ]
    if report.simulated:
        sentences.append(gettext("Simulated data: they say nothing about any real authority."))
    return " ".join(sentences)


def _say_scores(report: ReportData) -> Iterator[str]:
    """Say what was assessed and how it stands."""
    yield gettext(
        "%(authority)s assessed how ready it is to buy innovation in %(round)s, on a scale from "
        "%(lowest)s (%(lowest_name)s) to %(highest)s (%(highest_name)s).",
        authority=report.authority_name,
        round=report.round_name,
        lowest=report.levels[0].number,
        lowest_name=report.levels[0].name,
        highest=report.levels[-1].number,
        highest_name=report.levels[-1].name,
    )
    scores = "; ".join(f"{p.name} {_say(p.score)}" for p in report.principles)
    yield gettext("Its scores are: %(scores)s.", scores=scores)
    if report.overall.score is None:
        return
    if report.overall.change is None:
        yield gettext("Overall it stands at %(score)s.", score=_say(report.overall))
        return
    yield gettext(
        "Overall it stands at %(score)s (%(change)s since %(round)s).",
        score=_say(report.overall),
        change=format_change(report.overall.change),
        round=report.previous_round_name,
    )


def _say_basis(report: ReportData) -> Iterator[str]:
    """Say what of the answers was not checked, and who the peers are."""
    if report.unchecked_ids:
        yield ngettext(
            "%(num)s answer was brought over from %(round)s, unchecked.",
            "%(num)s answers were brought over from %(round)s, unchecked.",
            len(report.unchecked_ids),
            round=report.unchecked_from,
        )
    if report.peer_group is not None:
        group = report.peer_group
        yield gettext(
            "Peers are %(n)s of %(of_n)s %(group)s.",
            n=group.n,
            of_n=group.of_n,
            group=report.name_group(group),
        )


def _say_tasks(report: ReportData) -> Iterator[str]:
    """Say what comes first, and which duties are to be checked or not known."""
    if report.priorities:
        first = ", ".join(
            gettext("%(question)s (level %(level)s)", question=q.title, level=q.level.number)
            for q in report.priorities
            if q.level
        )
        yield gettext("The most urgent to work on: %(questions)s.", questions=first)
    if report.flags:
        duties = ", ".join(f"{flag.question_id} {flag.question_title}" for flag in report.flags)
        yield gettext("Legal duties to check: %(questions)s.", questions=duties)
    if report.unknown_duties:
        unknown = ", ".join(
            f"{one.question_id} {one.question_title}" for one in report.unknown_duties
        )
        yield gettext(
            "Legal duties that cannot be judged, because the question has no level: %(questions)s.",
            questions=unknown,
        )


def _say_source(report: ReportData) -> str:
    """Say where the figures come from."""
    cited = f", {cite_edition(report.edition)}" if report.edition else ""
    title, made_on = f"{report.questionnaire_title}{cited}", format_date(report.made_on)
    if report.submitted_on is None:
        return gettext(
            "Source: %(title)s; self-assessed, made on %(made_on)s.", title=title, made_on=made_on
        )
    return gettext(
        "Source: %(title)s; self-assessed, submitted on %(submitted_on)s, made on %(made_on)s.",
        title=title,
        submitted_on=format_date(report.submitted_on),
        made_on=made_on,
    )


def _say(score: ScoreData) -> str:
    """Say one score and where it stands."""
    if score.score is None:
        return gettext("not scored")
    level = f"{format_level(score.score)}, {score.level_name}"
    place = None if score.peers is None else score.peers.place
    if place is None:
        return level
    if not place.others:
        return f"{level} ({say_position(place)})"
    return gettext(
        "%(level)s (%(place)s; among all peers it %(doubt)s)",
        level=level,
        place=say_position(place),
        doubt=say_doubt(place),
    )
