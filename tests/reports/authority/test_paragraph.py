from dataclasses import replace

import pytest

from assessment.core.statistics.uncertainty import Place, Position
from reports.authority.paragraph import write_paragraph
from tests.factories import make_duty, make_questionnaire
from tests.reports.factories import make_benchmark, make_comparison, make_report


def test_write_paragraph_says_profile_peers_and_source():
    text = write_paragraph(make_report((3, 2, 4)))

    assert text.startswith(
        "Exampleshire assessed how ready it is to buy innovation in 2026, on a scale from 1 "
        "(Starting) to 5 (Leading). Its scores are: Principle 1 3.0, Developing (about the same "
        "as peers); Principle 2 3.0, Developing (about the same as peers). Overall it stands at "
        "3.0, Developing (about the same as peers). Peers are 61 of 74 counties. The most urgent "
        "to work on: Question 1.2 (level 2), "
    )
    assert "Edition 1 of round 2026, 20 November 2026" in text
    assert text.endswith("Simulated data: they say nothing about any real authority.")
    assert "<" not in text


def test_write_paragraph_without_a_day_of_submission_says_when_it_was_made():
    text = write_paragraph(replace(make_report(), submitted_on=None))

    assert "; self-assessed, made on 23 November 2026." in text


def test_write_paragraph_without_peers_or_scores_says_so():
    text = write_paragraph(make_report(("dk",), benchmark=None, simulated=False))

    assert "Principle 1 not scored; Principle 2 not scored." in text
    assert "Peers" not in text
    assert "urgent" not in text
    assert text.endswith("self-assessed, submitted on 2 November 2026, made on 23 November 2026.")


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (("1.1",), "1 answer was brought over from Round 2025, unchecked."),
        (("1.1", "1.2"), "2 answers were brought over from Round 2025, unchecked."),
    ],
)
def test_write_paragraph_says_what_nobody_checked(ids: tuple[str, ...], said: str):
    report = replace(make_report(), unchecked_ids=ids, unchecked_from="Round 2025")

    assert said in write_paragraph(report)
    assert "unchecked" not in write_paragraph(make_report())


def test_write_paragraph_names_legal_duties_to_check():
    asked = make_questionnaire(principles=1, questions=1)
    question = replace(asked.questions[0], legal=(make_duty(),))
    asked = replace(asked, principles=(replace(asked.principles[0], questions=(question,)),))

    text = write_paragraph(make_report((1,), questionnaire=asked))

    assert "Legal duties to check: 1.1 Question 1.1." in text


@pytest.mark.parametrize("level", ["dk", "na"])
def test_write_paragraph_names_legal_duties_that_cannot_be_judged(level):
    asked = make_questionnaire(principles=1, questions=1)
    question = replace(asked.questions[0], legal=(make_duty(),))
    asked = replace(asked, principles=(replace(asked.principles[0], questions=(question,)),))

    text = write_paragraph(make_report((level,), questionnaire=asked))

    assert (
        "Legal duties that cannot be judged, because the question has no level: 1.1 Question 1.1."
        in text
    )


def test_write_paragraph_says_where_a_place_is_not_certain():
    place = Place(Position.ABOVE, (Position.WITHIN, Position.ABOVE))
    unsure = make_comparison(make_questionnaire(), place=place)

    text = write_paragraph(make_report(benchmark=make_benchmark(unsure)))

    assert "(above peers; among all peers it could be about the same)" in text


def test_write_paragraph_says_how_the_overall_score_moved():
    text = write_paragraph(make_report((3, 2, 4), previous_levels=(3, 2, 2)))

    # 3 now, 7 / 3 then
    assert "(+0.7 since 2025)" in text


def test_write_paragraph_without_peers_says_the_score_alone():
    text = write_paragraph(make_report((3, 2, 4), benchmark=None))

    assert "Its scores are: Principle 1 3.0, Developing; Principle 2 3.0, Developing." in text
