"""Results and reports of one authority."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assessment.clock import day_of
from assessment.core.answers.assessments import OwnAnswer
from assessment.core.answers.rounds import Round
from assessment.core.answers.scoring import Scores, nearest_level, score_answers
from assessment.core.documents.report_requests import NOT_SUBMITTED, ReportRequest, ReportState
from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.people.actors import Actor
from assessment.core.people.authorities import Authority
from assessment.core.people.events import EventKind
from assessment.core.people.groups import group_id
from assessment.core.plans.plans import Plan
from assessment.services.answering.surveys import Survey, read_survey, read_surveys
from assessment.services.reports.comparing import is_settling, read_peers, settle_peers
from assessment.services.reports.national import NATIONAL, build_national
from assessment.services.reports.requesting import MAKE_REPORT, request_report
from assessment.storage import (
    answers,
    assessments,
    audit,
    authorities,
    plans,
    reports,
)
from assessment.storage.reports import read_request
from reports.authority.build import (
    Assessed,
    Previous,
    build_report,
)
from reports.authority.data import ReportData, from_json, to_json
from reports.authority.figures import render_figures
from reports.authority.paragraph import write_paragraph
from reports.authority.parts import ActionData, ScoreData
from reports.authority.seal import Seal, hash_content
from reports.authority.shareable import make_shareable
from reports.formats import name_report
from reports.national.national import national_from_json, national_to_json, render_national_figures
from reports.render import ReportKind, render_national_pdf, render_pdf
from reports.words import name_respondent

__all__ = ["KINDS", "MAKE_REPORT", "read_request"]

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


@dataclass(frozen=True, slots=True)
class RenderInputs:
    """What a report is made from: its data as JSON, its kind, and what it can be checked by."""

    data: str
    kind: str
    seal: Seal


def read_results(db: Session, authority_id: str, today: date, round_id: str = "") -> Results:
    """Return the results of a round, else of the newest submitted, else of what is answered.

    Raises NotFoundError where the authority has not submitted the round.
    """
    submitted = _read_submitted(db, authority_id, today)
    chosen = _choose_submitted(submitted, round_id)
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
    survey = _choose_submitted(_read_submitted(db, authority_id, today), round_id)
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
        raise NotFoundError("There are no figures until the self-assessment is submitted.")
    name = f"{group_id(report.authority.name)}-figures-{report.round.id}.csv"
    return name, render_figures(report.data)


def build_data(
    db: Session, survey: Survey, made_on: date, kind: str = ReportKind.IMPROVEMENT.value
) -> ReportData:
    """Build the data of a report of a submitted assessment.

    For the version to share nothing is read that `make_shareable` would leave out.
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
    survey = _choose_submitted(_read_submitted(db, authority_id, today), "")
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


def ask_report(
    db: Session, authority_id: str, kind: str, today: date, *, by: Actor, round_id: str = ""
) -> ReportRequest:
    """Ask for a PDF of a round, the newest unless named; asking twice makes one.

    Its job is queued with it.
    A finished one that says the same, but for the day it was made, is not made again.
    Raises NotAllowedError where nothing is submitted.
    """
    survey = _choose_submitted(_read_submitted(db, authority_id, today), round_id)
    if survey is None:
        raise NotAllowedError("Submit the self-assessment first; then its reports can be made.")
    round_id = survey.round.id
    ready = reports.read_newest_ready(db, authority_id, round_id, kind)
    if ready is not None:
        finished, data = ready
        if _gather_claims(data) == _gather_claims(to_json(build_data(db, survey, today, kind))):
            return finished
    request, is_new = request_report(db, authority_id, round_id, kind, today, by=by)
    if is_new:
        audit.save_event(
            db, by, EventKind.REPORT_REQUESTED, authority_id, round=request.round_id, report=kind
        )
    return request


def _read_submitted(db: Session, authority_id: str, today: date) -> list[Survey]:
    """Return an authority's surveys of every round that it submitted, newest first."""
    return [s for s in read_surveys(db, authority_id, today) if s.assessment.is_submitted]


def _choose_submitted(submitted: list[Survey], round_id: str) -> Survey | None:
    """Return the survey of a round, else the newest, of those an authority submitted."""
    if not round_id:
        return next(iter(submitted), None)
    chosen = next((survey for survey in submitted if survey.round.id == round_id), None)
    if chosen is None:
        raise NotFoundError(f"Your authority has submitted nothing in a round {round_id}.")
    return chosen


def read_render_inputs(
    db: Session, report_id: int, made_on: date, site: str
) -> RenderInputs | None:
    """Return what a report that was asked for is made from; None where it is finished.

    It is finished, without being made, where the assessment is no longer submitted. ``site`` is
    the address of the page where it can be checked.
    """
    request = reports.read_request_by_id(db, report_id)
    if request.is_finished:
        return None
    if request.authority_id is None:
        national = build_national(db, request.round_id, made_on)
        content_hash = hash_content(render_national_figures(national.figures))
        return RenderInputs(
            national_to_json(national), request.kind, Seal(request.code, site, content_hash)
        )
    if _fail_without_submission(db, request):
        return None
    survey = read_survey(db, request.authority_id, made_on, request.round_id)
    settle_peers(db, survey)
    report = build_data(db, survey, made_on, request.kind)
    seal = Seal(request.code, site, hash_content(render_figures(report)))
    return RenderInputs(to_json(report), request.kind, seal)


def save_rendered(db: Session, report_id: int, inputs: RenderInputs, pdf: bytes) -> None:
    """Store a report that was made; one that is finished already is left as it is.

    It is thrown away where the submission was undone while it was rendered.
    """
    request = reports.read_request_by_id(db, report_id)
    if request.is_finished or _fail_without_submission(db, request):
        return
    content_hash = inputs.seal.content_hash
    reports.save_report(db, report_id, data=inputs.data, pdf=pdf, content_hash=content_hash)


def _fail_without_submission(db: Session, request: ReportRequest) -> bool:
    """Fail a report whose assessment is not submitted any more; return whether it was failed."""
    if request.authority_id is None:
        return False
    assessment = assessments.read_assessment(db, request.authority_id, request.round_id)
    if assessment is not None and assessment.is_submitted:
        return False
    reports.save_state(db, request.id, ReportState.FAILED, failure=NOT_SUBMITTED)
    return True


def fail_report(db: Session, report_id: int, error: Exception) -> None:
    """Say of a report that it could not be made, and by which error: never what was answered."""
    reports.save_state(db, report_id, ReportState.FAILED, failure=type(error).__name__)


def render_report(inputs: RenderInputs) -> bytes:
    """Render a report as PDF; runs in a process of its own."""
    if inputs.kind == NATIONAL:
        return render_national_pdf(national_from_json(inputs.data), inputs.seal)
    return render_pdf(from_json(inputs.data), ReportKind(inputs.kind), inputs.seal)


def print_report(
    db: Session, authority_id: str, round_id: str, kind: str, today: date, *, by: Actor
) -> bytes:
    """Return the PDF of one authority's submitted assessment; its audit trail says so."""
    survey = read_survey(db, authority_id, today, round_id)
    if not survey.assessment.is_submitted:
        raise NotAllowedError(f"{survey.authority.name} has not submitted round {round_id}.")
    settle_peers(db, survey)
    audit.save_event(db, by, EventKind.REPORT_PRINTED, authority_id, round=round_id, report=kind)
    return render_pdf(build_data(db, survey, today, kind), ReportKind(kind))


def read_file(db: Session, authority_id: str, report_id: int) -> tuple[str, bytes]:
    """Return a finished PDF and the name of its file; raises NotFoundError where unfinished."""
    request = reports.read_request(db, authority_id, report_id)
    pdf = reports.read_pdf(db, authority_id, report_id)
    authority = authorities.read_authority(db, authority_id)
    words = group_id(name_report(request.kind))
    return f"{group_id(authority.name)}-{words}-{request.round_id}.pdf", pdf


def _gather_claims(data: str) -> dict[str, object]:
    """Return what a report's data say, but for the day it was made on.

    What is empty is left out: a report made before there was such a part says the same.
    """
    claims = json.loads(data).items()
    return {
        name: value for name, value in claims if name != "made_on" and value not in ([], "", None)
    }


def _read_plan(db: Session, survey: Survey) -> Plan:
    """Return the plan, which follows from the newest results; earlier rounds have none."""
    newest = _choose_submitted(_read_submitted(db, survey.authority.id, survey.today), "")
    is_earlier = newest is not None and newest.round.id != survey.round.id
    return Plan() if is_earlier else plans.read_plan(db, survey.authority.id)


def _read_history(db: Session, survey: Survey) -> list[Previous]:
    """Return the scores of the rounds before this one that the authority submitted, newest first.

    Each is by the version of the questionnaire that was answered then.
    """
    return [
        Previous(before.round.name, score_answers(before.questionnaire, before.answers))
        for before in _read_submitted(db, survey.authority.id, survey.today)
        if before.round.opens_on < survey.round.opens_on
    ]
