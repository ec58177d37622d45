"""Sentences that an earlier release stored become codes and numbers."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Connection, text

from assessment.core.answers.answers import Standing
from assessment.core.answers.scoring import UnscoredOverall, UnscoredPrinciple
from assessment.core.people.groups import GroupKind
from assessment.core.statistics.item_analysis import QuestionFlag
from assessment.core.statistics.neighbours import Difference
from assessment.core.statistics.representativeness import (
    Conclusion,
    Representation,
    WeightedMean,
)
from assessment.core.statistics.uncertainty import Place, Position
from assessment.core.statistics.withholding import HIDDEN, SHOWN, Reason, Withheld
from assessment.storage.database import open_engine
from assessment.storage.frames import unpack_table
from reports.authority.data import ReportData, from_json
from reports.national.national import NationalData, national_from_json
from reports.render import ReportKind, render_html, render_national_html
from reports.words import say_conclusion, say_likeness, say_verdict
from tests import databases

HIDDEN_WORDS = "hidden so that another figure cannot be worked out"
UNCERTAIN = "the middle half of the peers that answered; among all peers it could be"
Document = dict[str, Any]


@pytest.fixture(scope="module")
def released_url(server_url: str) -> Iterator[str]:
    """The address of an installation of release 0016, as it was before its sentences were read."""
    url = databases.make_copy(server_url, "template1")
    databases.load_release(url, "0016")
    databases.migrate_to(url, "0017")
    yield url
    databases.drop_database(url)


@pytest.fixture
def migrate(
    server_url: str, released_url: str
) -> Iterator[Callable[[Callable[[Connection], object]], Connection]]:
    """A function that writes old rows into a copy of the installation, and brings it to now."""
    url = databases.make_copy(server_url, released_url.partition("?")[0].rpartition("/")[2])
    engine = open_engine(url)
    opened: list[Connection] = []

    def bring(write: Callable[[Connection], object]) -> Connection:
        with engine.begin() as connection:
            write(connection)
        engine.dispose()
        databases.migrate_to(url, "head")
        opened.append(engine.connect())
        return opened[0]

    yield bring
    for connection in opened:
        connection.close()
    engine.dispose()
    databases.drop_database(url)


Migrate = Callable[[Callable[[Connection], object]], Connection]


def pack(**columns: list[Any]) -> bytes:
    """Pack a frame as revision 0017 did."""
    table = pa.table(columns)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def test_migrate_frames_hold_codes_and_numbers(migrate: Migrate):
    centres = ["", "shown when 3 more counties submit", "not shown: something else", HIDDEN_WORDS]
    spreads = [
        "shown when one more of the authorities in Wales submits",
        "not shown: it takes 10 authorities and this group has 8",
        "not shown: too few of the counties that submitted have a level here",
        HIDDEN_WORDS,
    ]
    chosen = ["", "shown when 10 authorities that are counted have chosen"]
    chosen += ["hidden so that nobody's choice can be told", "why not"]
    flags = ["", "many do not know; does not go with its principle"]
    frames = {
        "figures": pack(n=[12.0, None, 3.5, 1.0], withheld_centre=centres, withheld_spread=spreads),
        "changes": pack(withheld_centre=["not shown: the number of authorities is not known"]),
        "needs": pack(withheld=chosen),
        "questions": pack(flags=flags),
        "codes": pack(authority_id=["A"]),
    }

    def write(connection: Connection) -> None:
        insert = text("INSERT INTO edition_frame VALUES ('old', 1, :name, :packed, '')")
        for name, packed in frames.items():
            connection.execute(insert, {"name": name, "packed": packed})

    query = text("SELECT name, packed, sha256 FROM edition_frame WHERE round_id = 'old'")
    rows = migrate(write).execute(query).all()

    stored = {row.name: unpack_table(row.packed).to_pydict() for row in rows}
    assert stored == {
        "figures": {
            "n": [12.0, None, 3.5, 1.0],
            "withheld_centre": ["shown", "too_few_submitted", "reason_unknown", "hidden"],
            "withheld_spread": [
                *("too_few_submitted", "group_too_small", "too_few_with_level", "hidden")
            ],
            "missing_centre": [None, 3.0, None, None],
            # 10 - 8 = 2
            "missing_spread": [1.0, 2.0, None, None],
        },
        "changes": {"withheld_centre": ["count_unknown"], "missing_centre": [None]},
        "needs": {"withheld": ["shown", "too_few_chose", "too_alike", "reason_unknown"]},
        "questions": {"flags": ["", "many_dont_know low_item_total"]},
        "codes": {"authority_id": ["A"]},
    }
    changed = [row for row in rows if row.name != "codes"]
    assert [hashlib.sha256(r.packed).hexdigest() for r in changed] == [r.sha256 for r in changed]


def test_migrate_neighbours_hold_codes(migrate: Migrate):
    cells = [["overall", "overall", 1, "", ""], ["principle", "p1", 2, HIDDEN_WORDS, "else"]]

    def write(connection: Connection) -> None:
        query = text("UPDATE neighbour_cells SET cells = cast(:cells AS jsonb)")
        connection.execute(query, {"cells": json.dumps(cells)})

    (stored,) = migrate(write).scalars(text("SELECT cells FROM neighbour_cells"))

    assert stored == [
        ["overall", "overall", 1, ["shown", None], ["shown", None]],
        ["principle", "p1", 2, ["hidden", None], ["reason_unknown", None]],
    ]


def migrate_report(
    migrate: Migrate, edit: Callable[[Document], object], kind: str = "improvement"
) -> str:
    """Edit the stored report of a kind as the release wrote it, and return it as it is now."""

    def write(connection: Connection) -> None:
        find = text("SELECT id, data FROM report WHERE kind = :kind AND data IS NOT NULL")
        id_, data = connection.execute(find, {"kind": kind}).all()[0]
        report = json.loads(data)
        edit(report)
        save = text("UPDATE report SET data = :data WHERE id = :id")
        connection.execute(save, {"data": json.dumps(report), "id": id_})

    query = text("SELECT data FROM report WHERE kind = :kind AND data IS NOT NULL ORDER BY id")
    return str(migrate(write).scalars(query, {"kind": kind}).first())


def read_report(migrate: Migrate, edit: Callable[[Document], object]) -> ReportData:
    return from_json(migrate_report(migrate, edit))


def test_migrate_report_reads_reasons_and_places(migrate: Migrate):
    sentence = ""

    def edit(report: Document) -> None:
        nonlocal sentence
        sentence = report["sentence"]
        first, second = (principle["score"]["peers"] for principle in report["principles"][:2])
        first |= {"position": "above", "place": f"above {UNCERTAIN} about the same"}
        second |= dict.fromkeys(("q1", "q3", "percents", "position"))
        second |= {"place": "", "withheld_spread": "shown when 4 more districts submit"}
        report["overall"]["peers"] |= {"position": "about the same as"}
        del report["overall"]["peers"]["place"]

    report = read_report(migrate, edit)

    first, second = (principle.score.peers for principle in report.principles[:2])
    assert first is not None
    assert second is not None
    assert first.place == Place(Position.ABOVE, (Position.WITHIN, Position.ABOVE))
    assert (first.figure.key.item, first.own) == (
        ("principle", report.principles[0].id),
        report.principles[0].score.score,
    )
    assert second.place is None
    assert (second.figure.shares, len(second.figure.percents)) == ((), 5)
    assert second.figure.withheld_spread == Withheld(Reason.TOO_FEW_SUBMITTED, 4)
    assert second.figure.withheld_centre == SHOWN
    assert report.overall.peers is not None
    assert report.overall.peers.place == Place(Position.WITHIN, (Position.WITHIN,))
    assert [group.kind for group in report.groups] == [
        peers.figure.key.group_kind for peers in report.principles[0].groups
    ]
    assert report.sentence.split(",")[0] == sentence.split(",", maxsplit=1)[0]
    assert render_html(report, ReportKind.IMPROVEMENT)


def test_migrate_report_reads_why_there_is_no_score_and_who_answered(migrate: Migrate):
    reasons = [
        "every question was said not to apply",
        "1 of 3 questions has a level and 2 must; 1 are Don't know and 1 have no answer",
    ]

    def edit(report: Document) -> None:
        for principle, reason in zip(report["principles"], reasons, strict=True):
            principle["score"] |= {"score": None, "reason": reason}
        report["overall"] |= {"score": None, "reason": "2 of 2 principles are not scored"}
        answers = ("level 2", "Don't know", "Does not apply")
        given = [{"answer": answer, "people": 1} for answer in answers]
        report["principles"][0]["questions"][0]["given"] = given

    report = read_report(migrate, edit)

    assert [p.score.unscored for p in report.principles] == [
        UnscoredPrinciple(0, 0, 0, 0, 0),
        UnscoredPrinciple(1, 3, 2, dont_know=1, unanswered=1),
    ]
    assert report.overall.unscored == UnscoredOverall(2, 2)
    assert [(one.standing, one.level) for one in report.questions[0].given] == [
        (Standing.LEVEL, 2),
        (Standing.DONT_KNOW, None),
        (Standing.DOES_NOT_APPLY, None),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Similar in size, deprivation and rurality, denser than yours.",
        "Few authorities in England are like yours; the nearest are larger, more deprived, denser "
        "and less rural than yours.",
        "Similar in size, deprivation, density and rurality, mostly of another type.",
    ],
)
def test_migrate_report_says_the_same_of_neighbours(migrate: Migrate, sentence: str):
    def edit(report: Document) -> None:
        report["neighbours"]["sentence"] = sentence

    report = read_report(migrate, edit)

    assert report.neighbours is not None
    assert say_likeness(report.neighbours.likeness) == sentence


def test_migrate_report_of_all_others_counts_them(migrate: Migrate):
    def edit(report: Document) -> None:
        report["neighbours"]["sentence"] = (
            "These are all 2 others in England that can be compared: smaller than yours."
        )

    report = read_report(migrate, edit)

    assert report.neighbours is not None
    likeness = report.neighbours.likeness
    assert (likeness.is_everybody, likeness.is_distant) == (True, False)
    assert likeness.differing == (Difference("population", False),)


def test_migrate_national_report_reads_figures_and_flags(migrate: Migrate):
    def edit(report: Document) -> None:
        first, second, third = report["figures"][:3]
        first |= {"withheld_centre": HIDDEN_WORDS, "weighting_note": ""}
        second |= {"mean_weighted_by_type": None}
        second["weighting_note"] = (
            "not given: means are withheld of 5 of 9 types, with 34% of authorities"
        )
        third |= {"withheld_change": "shown when 2 more authorities submit", "change": None}
        third |= {"mean_weighted_by_type": 2.6}
        third["weighting_note"] = "the mean of all stands in for the withheld mean of 2 of 9 types"
        # the earliest had a name for each level's share, and no note
        fourth = report["figures"][3]
        for name in ("percents", "percents_at_least", "weighting_note"):
            del fourth[name]
        fourth |= {"percent_1": 40, "percent_2": 60, "percent_at_least_2": 60}
        flags = "most are at the lowest level; many do not know"
        report["flagged"] = [{"question_id": "1.1", "title": "Sponsorship", "why": flags}]

    report = read_national(migrate, edit)

    first, second, third, fourth = report.figures[:4]
    assert (fourth.percents, fourth.percents_at_least) == ((40, 60), (60,))
    assert first.withheld_centre == HIDDEN
    assert second.weighted == WeightedMean(None, 5, 9, 0.34)
    assert third.weighted == WeightedMean(2.6, 2, 9, 0.0)
    assert third.change.withheld == Withheld(Reason.TOO_FEW_SUBMITTED, 2)
    flags = (QuestionFlag.MOST_AT_LOWEST, QuestionFlag.MANY_DONT_KNOW)
    assert report.flagged[0].flags == flags
    assert render_national_html(report)


@pytest.mark.parametrize(
    ("sentence", "representation"),
    [
        ("No authority is counted yet.", Representation.NOBODY),
        ("Every authority is counted.", Representation.EVERYBODY),
        (
            "Too few are counted to tell whether they stand for all: 12 of 397; it takes 40.",
            Representation.TOO_FEW,
        ),
        (
            "Those that are counted differ from all by type of authority: where it is given, read "
            "the mean weighted by type beside the raw one.",
            Representation.UNEVEN,
        ),
        (
            "Those that are counted could be a random draw by nation, region and urban and rural "
            "class.",
            Representation.RANDOM,
        ),
    ],
)
def test_migrate_national_report_says_the_same_of_participation(
    migrate: Migrate, sentence: str, representation: Representation
):
    verdicts = [
        "{} are over-represented: 18 of 21 against 41% overall. {} are under-represented: 2 of 30 "
        "against 41% overall.",
        "No nation stands out from the 60% overall.",
    ]

    def edit(report: Document) -> None:
        names = {row["group_name"] for row in report["figures"] if row["group_kind"] == "type"}
        of_type = [name[0].upper() + name[1:] for name in sorted(names)[:2]]
        verdicts[0] = verdicts[0].format(*of_type)
        report |= {"conclusion": sentence, "verdicts": verdicts}

    report = read_national(migrate, edit)

    assert isinstance(report.conclusion, Conclusion)
    assert report.conclusion.representation is representation
    assert say_conclusion(report.conclusion) == sentence
    assert [say_verdict(verdict) for verdict in report.verdicts] == verdicts
    assert [v.group_kind for v in report.verdicts] == [GroupKind.TYPE, GroupKind.NATION]


def read_national(migrate: Migrate, edit: Callable[[Document], object]) -> NationalData:
    return national_from_json(migrate_report(migrate, edit, "national"))
