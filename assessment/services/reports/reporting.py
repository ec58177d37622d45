"""Results and reports of one authority."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assessment.clock import day_of
from assessment.core.answers.assessments import OwnAnswer
from assessment.core.answers.rounds import Round
from assessment.core.answers.scoring import Scores, nearest_level, score_answers
from assessment.core.documents.report_requests import ReportRequest
from assessment.core.errors import NotFoundError
from assessment.core.people.authorities import Authority
from assessment.core.people.groups import group_id
from assessment.core.plans.plans import Plan
from assessment.locale import ENGLISH, gettext, speak
from assessment.services.answering.surveys import Survey, read_survey, read_surveys
from assessment.services.reports.comparing import is_settling, read_peers
from assessment.storage import answers, authorities, plans, reports
from assessment.storage.reports import read_request
from reports.authority.build import Assessed, Previous, build_report
from reports.authority.data import ReportData
from reports.authority.figures import render_figures
from reports.authority.paragraph import write_paragraph
from reports.authority.parts import ActionData, ScoreData
from reports.authority.shareable import make_shareable
from reports.formats import name_report
from reports.render import ReportKind
from reports.words import name_respondent

__all__ = ["KINDS", "read_request"]

KINDS = tuple(kind.value for kind in ReportKind)


@dataclass(frozen=True, slots=True)
class Results:
    """What an authority sees of one submitted assessment, the newest unless another is chosen.

    ``rounds`` are those that are submitted, newest first; ``requests`` are the PDFs asked for in
    any of them. ``sentence`` says how the authority stands, and ``paragraph`` is to paste into a
    committee paper and as safe as the version to share; both are empty where nothing is submitted.
    """

    survey: Survey
    scores: Scores
    rounds: tuple[Round, ...]
    requests: tuple[ReportRequest, ...]
    sentence: str
    paragraph: str

    def level_name(self, score: float) -> str:
        """Return the name of the level that a score is nearest to."""
        return nearest_level(self.survey.questionnaire, score).name


@dataclass(frozen=True, slots=True)
class Report:
    """A report as a page; while it ``is_settling`` it is without the nearest neighbours."""

    round: Round
    authority: Authority
    data: ReportData
    is_settling: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an authority stands, as its improvement plan starts from it.

    ``scores`` by principle id, beside their peers; ``steps`` the first move of each question that
    has one, by question id; ``suggested`` those to take first.
    """

    scores: dict[str, ScoreData]
    steps: dict[str, ActionData]
    suggested: tuple[ActionData, ...]


def read_results(db: Session, authority_id: str, today: date, round_id: str = "") -> Results:
    """Return the results of a round, else of the newest submitted, else of what is answered.

    Raises NotFoundError where the authority has not submitted the round.
    """
    submitted = read_submitted(db, authority_id, today)
    chosen = choose_submitted(submitted, round_id)
    survey = chosen or read_survey(db, authority_id, today)
    report = build_data(db, survey, today, ReportKind.SHAREABLE.value) if chosen else None
    return Results(
        survey=survey,
        scores=score_answers(survey.questionnaire, survey.answers),
        rounds=tuple(each.round for each in submitted),
        requests=tuple(reports.read_requests(db, authority_id)),
        sentence=report.sentence if report else "",
        paragraph=write_paragraph(report) if report else "",
    )


def read_report(
    db: Session,
    authority_id: str,
    today: date,
    kind: str = ReportKind.IMPROVEMENT.value,
    round_id: str = "",
) -> Report | None:
    """Return what a report of this kind says of a round, else of the newest; None before any.

    Raises NotFoundError where the authority has not submitted the round.
    """
    survey = choose_submitted(read_submitted(db, authority_id, today), round_id)
    if survey is None:
        return None
    data = build_data(db, survey, today, kind)
    settling = kind != ReportKind.SHAREABLE and is_settling(db, survey)
    return Report(survey.round, survey.authority, data, settling)


def export_figures(
    db: Session, authority_id: str, today: date, round_id: str = ""
) -> tuple[str, str]:
    """Return the figures behind the charts of a round's reports as CSV, and the file's name.

    They are of the newest round unless another is named, and those of the version to share, for
    the file is offered for committee papers.
    Raises NotFoundError where nothing is submitted.
    """
    report = read_report(db, authority_id, today, ReportKind.SHAREABLE.value, round_id)
    if report is None:
        raise NotFoundError(gettext("There are no figures until the self-assessment is submitted."))
    name = f"{group_id(report.authority.name)}-figures-{report.round.id}.csv"
    return name, render_figures(report.data)


@speak(ENGLISH)
def build_data(
    db: Session, survey: Survey, made_on: date, kind: str = ReportKind.IMPROVEMENT.value
) -> ReportData:
    """Build the data of a report of a submitted assessment.

    Its words are kept, so they are English. For the version to share nothing is read that
    `make_shareable` would leave out.
    """
    is_shared = kind == ReportKind.SHAREABLE
    submitted_at = survey.assessment.submitted_at
    own_answers = (
        [] if is_shared else answers.read_own_answers(db, survey.authority.id, survey.round.id)
    )
    report = build_report(
        questionnaire=survey.questionnaire,
        authority=survey.authority,
        assessed=Assessed(
            round_name=survey.round.name,
            answers=survey.answers,
            scores=score_answers(survey.questionnaire, survey.answers),
            submitted_on=day_of(submitted_at) if submitted_at else None,
            taken_part=_name_participants(survey, own_answers),
            own_answers=tuple(own_answers),
            needs=survey.assessment.needs,
            unchecked_ids=tuple(question.id for question in survey.unchecked),
            unchecked_from=survey.unchecked_from,
        ),
        history=_read_history(db, survey),
        benchmark=read_peers(db, survey, with_neighbours=not is_shared),
        plan=Plan() if is_shared else _read_plan(db, survey),
        made_on=made_on,
        simulated=authorities.read_simulated(db),
    )
    return make_shareable(report) if is_shared else report


def read_standing(db: Session, authority_id: str, today: date, plan: Plan) -> Standing | None:
    """Return where an authority stands by its newest results and its plan; None before any.

    What a report says beyond that is not read.
    """
    survey = choose_submitted(read_submitted(db, authority_id, today), "")
    if survey is None:
        return None
    own_answers = tuple(answers.read_own_answers(db, authority_id, survey.round.id))
    scores = score_answers(survey.questionnaire, survey.answers)
    report = build_report(
        questionnaire=survey.questionnaire,
        authority=survey.authority,
        assessed=Assessed(survey.round.name, survey.answers, scores, None, own_answers=own_answers),
        history=(),
        benchmark=read_peers(db, survey, with_neighbours=False),
        plan=plan,
        made_on=today,
        simulated=False,
    )
    return Standing(
        scores={principle.id: principle.score for principle in report.principles},
        steps={question.id: question.action for question in report.questions if question.action},
        suggested=report.focus.actions,
    )


def _name_participants(survey: Survey, own_answers: Sequence[OwnAnswer]) -> tuple[str, ...]:
    """Name who agreed or gave answers; two people of one name are named twice."""
    agreed_by = {saved.changed_by for saved in survey.saved.values() if not saved.is_unchecked}
    gave = {own.person.actor for own in own_answers}
    return tuple(sorted(name_respondent(actor) for actor in agreed_by | gave))


def read_submitted(db: Session, authority_id: str, today: date) -> list[Survey]:
    """Return an authority's surveys of every round that it submitted, newest first."""
    return [s for s in read_surveys(db, authority_id, today) if s.assessment.is_submitted]


def choose_submitted(submitted: list[Survey], round_id: str) -> Survey | None:
    """Return the survey of a round, else the newest, of those an authority submitted."""
    if not round_id:
        return next(iter(submitted), None)
    chosen = next((survey for survey in submitted if survey.round.id == round_id), None)
    if chosen is None:
        raise NotFoundError(
            gettext("Your authority has submitted nothing in a round %(round)s.", round=round_id)
        )
    return chosen


def read_file(db: Session, authority_id: str, report_id: int) -> tuple[str, bytes]:
    """Return a finished PDF and the name of its file; raises NotFoundError where unfinished."""
    request = reports.read_request(db, authority_id, report_id)
    pdf = reports.read_pdf(db, authority_id, report_id)
    authority = authorities.read_authority(db, authority_id)
    words = group_id(name_report(request.kind))
    return f"{group_id(authority.name)}-{words}-{request.round_id}.pdf", pdf


def _read_plan(db: Session, survey: Survey) -> Plan:
    """Return the plan, which follows from the newest results; earlier rounds have none."""
    newest = choose_submitted(read_submitted(db, survey.authority.id, survey.today), "")
    is_earlier = newest is not None and newest.round.id != survey.round.id
    return Plan() if is_earlier else plans.read_plan(db, survey.authority.id)


def _read_history(db: Session, survey: Survey) -> list[Previous]:
    """Return the scores of the rounds before this one that the authority submitted, newest first.

    Each is by the version of the questionnaire that was answered then.
    """
    return [
        Previous(before.round.name, score_answers(before.questionnaire, before.answers))
        for before in read_submitted(db, survey.authority.id, survey.today)
        if before.round.opens_on < survey.round.opens_on
    ]
