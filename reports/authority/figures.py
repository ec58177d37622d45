"""The figures behind a report's charts, as a file that programs and spreadsheets read."""

import csv
import io
from collections.abc import Iterator

from assessment.core.rounding import round_half_up
from assessment.core.statistics.published_figures import PeerFigure
from assessment.locale import ENGLISH, speak
from reports.authority.data import ReportData
from reports.authority.parts import ScoreData
from reports.formats import format_cell
from reports.words import name_peers, say_place, say_withheld

COLUMNS = (
    *("measure", "id", "title", "own", "level_name", "previous", "change", "target"),
    *("peers", "n", "of_n", "median", "q1", "q3", "place"),
    *("withheld_median", "withheld_spread"),
)


@speak(ENGLISH)
def render_figures(report: ReportData) -> str:
    """Write the figures of a report as CSV.

    Parameters
    ----------
    report : the data of one report.

    Returns
    -------
    One row for the overall score, each principle and each question, with the peers shown
    beside it; then one for each other group of peers of a principle. Scores and levels to 0.1
    as printed [level]; ``n`` and ``of_n`` [authorities]; ``percent_1`` and so on are whole
    percents of peers at each level. An empty cell is not there or withheld, as the last columns
    say. It holds nothing that people wrote, and no rank. It is in English,
    whatever the reader's language: a report is verified by the hash of this file.
    """
    file = io.StringIO()
    percents = [f"percent_{level.number}" for level in report.levels]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow((*COLUMNS, *percents))
    writer.writerows([format_cell(cell) for cell in row] for row in _list_rows(report))
    return file.getvalue()


def _list_rows(report: ReportData) -> Iterator[list[object]]:
    """Yield every row."""
    levels = len(report.levels)
    yield [
        *_own("overall", "overall", "Overall", report.overall),
        *_of(report.overall.peers, levels),
    ]
    for principle in report.principles:
        own = _own("principle", principle.id, principle.name, principle.score)
        yield [*own, *_of(principle.score.peers, levels)]
        for peers in principle.groups:
            if peers != principle.score.peers:
                yield [*own, *_of(peers, levels)]
    for question in report.questions:
        level = question.level
        own = [level.number, level.name] if level else ["", ""]
        # Previous score, change and target: a question has none of its own, its target is that of
        # its principle.
        nothing = [""] * 3
        beside = _of(question.peers, levels)
        yield ["question", question.id, question.title, *own, *nothing, *beside]


def _own(measure: str, item_id: str, title: str, score: ScoreData) -> list[object]:
    """Return the authority's own part of a row."""
    tenths = (_tenth(value) for value in (score.previous, score.change, score.target))
    return [measure, item_id, title, _tenth(score.score), score.level_name, *tenths]


def _of(peers: PeerFigure | None, levels: int) -> list[object]:
    """Return the peers' part of a row."""
    if peers is None:
        return [""] * (9 + levels)
    figure = peers.figure
    figures = (_tenth(value) for value in (figure.median, figure.q1, figure.q3))
    place = "" if peers.place is None else say_place(peers.place)
    reasons = (say_withheld(w, figure) for w in (figure.withheld_centre, figure.withheld_spread))
    name = name_peers(figure.group_name, figure.key.group_kind, figure.key.group_id)
    counts = [name, "" if figure.n is None else figure.n, figure.of_n]
    return [*counts, *figures, place, *reasons, *(figure.shares or [""] * levels)]


def _tenth(value: float | None) -> object:
    """Round to 0.1, half up, as a report prints it; nothing stays nothing."""
    return "" if value is None else round_half_up(value, 1)
