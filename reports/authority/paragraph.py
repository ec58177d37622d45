"""A paragraph about a report, to paste into a committee paper."""

from reports.authority.data import ReportData
from reports.authority.parts import ScoreData
from reports.formats import (
    format_change,
    format_count,
    format_date,
    format_level,
    format_n_of,
)
from reports.words import say_doubt, say_position


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
    name = report.authority_name
    scores = "; ".join(f"{p.name} {_say(p.score)}" for p in report.principles)
    sentences = [
        f"{name} assessed how ready it is to buy innovation in {report.round_name}, on a scale "
        f"from {report.levels[0].number} ({report.levels[0].name}) to {report.levels[-1].number} "
        f"({report.levels[-1].name}).",
        f"Its scores are: {scores}.",
    ]
    if report.overall.score is not None:
        since = f"{format_change(report.overall.change)} since {report.previous_round_name}"
        change = "" if report.overall.change is None else f" ({since})"
        sentences.append(f"Overall it stands at {_say(report.overall)}{change}.")
    if report.unchecked_ids:
        count = format_count(len(report.unchecked_ids), "answer")
        were = "was" if len(report.unchecked_ids) == 1 else "were"
        sentences.append(f"{count} {were} brought over from {report.unchecked_from}, unchecked.")
    if report.peer_group is not None:
        group = report.peer_group
        sentences.append(f"Peers are {format_n_of(group.n, group.of_n)} {group.name}.")
    if report.priorities:
        first = ", ".join(
            f"{q.title} (level {q.level.number})" for q in report.priorities if q.level
        )
        sentences.append(f"The most urgent to work on: {first}.")
    if report.flags:
        duties = ", ".join(f"{flag.question_id} {flag.question_title}" for flag in report.flags)
        sentences.append(f"Legal duties to check: {duties}.")
    if report.unknown_duties:
        unknown = ", ".join(
            f"{one.question_id} {one.question_title}" for one in report.unknown_duties
        )
        sentences.append(
            f"Legal duties that cannot be judged, because the question has no level: {unknown}."
        )
    cited = f", {report.edition.citation}" if report.edition else ""
    submitted_on = report.submitted_on
    submitted = f", submitted on {format_date(submitted_on)}" if submitted_on else ""
    sentences.append(
        f"Source: {report.questionnaire_title}{cited}; self-assessed{submitted}, made on "
        f"{format_date(report.made_on)}."
    )
    if report.simulated:
        sentences.append("Simulated data: they say nothing about any real authority.")
    return " ".join(sentences)


def _say(score: ScoreData) -> str:
    """Say one score and where it stands."""
    if score.score is None:
        return "not scored"
    place = None if score.peers is None else score.peers.place
    words = ""
    if place is not None:
        doubt = f"; among all peers it {say_doubt(place)}" if place.others else ""
        words = f" ({say_position(place)}{doubt})"
    return f"{format_level(score.score)}, {score.level_name}{words}"
