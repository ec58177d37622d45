"""The national report: what the programme may tell of a round."""

from datetime import date

from sqlalchemy.orm import Session

from assessment.core.documents.report_requests import ReportRequest
from assessment.core.statistics.publication import MIN_FOR_CENTRE, MIN_FOR_SPREAD
from assessment.core.statistics.representativeness import (
    judge_representativeness,
    summarise_participation,
    summarise_representativeness,
)
from assessment.services.editions.barriers import read_barriers
from assessment.services.editions.benchmarking import read_figures, read_newest_edition_of
from assessment.services.editions.item_analysis import read_item_analysis
from assessment.storage import authorities, benchmarks, questionnaires, reports, rounds
from reports.national.national import Flagged, Named, NationalData, Reliability

NATIONAL = "national"


def read_requests(db: Session, round_id: str) -> list[ReportRequest]:
    """Return the national reports of a round that were asked for, newest first."""
    return reports.read_requests(db, None, round_id)


def read_request(db: Session, report_id: int) -> ReportRequest:
    """Return a national report that was asked for; raises NotFoundError where there is none."""
    return reports.read_request(db, None, report_id)


def read_file(db: Session, report_id: int) -> tuple[str, bytes]:
    """Return a finished national report and the name of its file."""
    request = reports.read_request(db, None, report_id)
    return f"national-report-{request.round_id}.pdf", reports.read_pdf(db, None, report_id)


def build_national(db: Session, round_id: str, made_on: date) -> NationalData:
    """Build the national report of a round's newest edition, from what it publishes alone.

    Raises NotFoundError where there is no such round or no edition of it.
    """
    edition = read_newest_edition_of(db, round_id)
    questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)
    codes, memberships = benchmarks.read_answers_behind(db, edition)
    verdicts = judge_representativeness(summarise_participation(memberships, list(codes.index)))
    figures = read_figures(db, edition)
    items = read_item_analysis(db, edition)
    return NationalData(
        questionnaire_title=questionnaire.title,
        questionnaire_version=questionnaire.version,
        round_name=rounds.read_round(db, round_id).name,
        previous_round=next((each.change.since for each in figures if each.change.since), ""),
        edition=edition,
        made_on=made_on,
        simulated=authorities.read_simulated(db),
        levels=questionnaire.levels,
        principles=tuple(Named(p.id, p.name) for p in questionnaire.principles),
        questions=tuple(Named(q.id, q.title) for q in questionnaire.questions),
        figures=figures,
        conclusion=summarise_representativeness(verdicts),
        verdicts=verdicts,
        reliability=tuple(Reliability(p.name, p.n, p.alpha, p.omega) for p in items.principles),
        flagged=tuple(
            Flagged(question.question_id, question.title, question.flags)
            for principle in items.principles
            for question in principle.questions
            if question.flags
        ),
        min_for_median=MIN_FOR_CENTRE,
        min_for_spread=MIN_FOR_SPREAD,
        needs=read_barriers(db, edition),
        withdrawal=benchmarks.read_withdrawal(db, edition),
    )
