"""Results and reports of one authority."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from sqlalchemy.orm import Session

from assessment.clock import day_of
from assessment.core.answers.answers import encode_answers
from assessment.core.answers.assessments import OwnAnswer
from assessment.core.answers.rounds import Edition, Round
from assessment.core.answers.scoring import Scores, nearest_level, score_answers
from assessment.core.disclosure import publish
from assessment.core.documents.report_requests import NOT_SUBMITTED, ReportRequest, ReportState
from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.people.actors import Actor, ActorKind
from assessment.core.people.authorities import Authority
from assessment.core.people.events import EventKind
from assessment.core.people.groups import GroupKind, group_id
from assessment.core.plans.plans import Plan
from assessment.core.statistics.neighbours import (
    NeighbourSet,
    find_neighbours,
    list_neighbour_memberships,
)
from assessment.core.statistics.publication import (
    ComparisonDraft,
    EditionCell,
    NeighboursDraft,
    PeerComparison,
)
from assessment.services.answering.answering import Survey, read_submitted_rounds, read_survey
from assessment.services.editions import benchmarking
from assessment.services.reports.national import NATIONAL, build_national
from assessment.services.reports.requesting import MAKE_REPORT, request_report
from assessment.storage import (
    answers,
    assessments,
    audit,
    authorities,
    benchmarks,
    plans,
    questionnaires,
    reports,
    rounds,
)
from assessment.storage.reports import read_request
from reports.authority.build import (
    Assessed,
    PeerBenchmark,
    Previous,
    build_report,
    describe_neighbours,
)
from reports.authority.data import ReportData, from_json, to_json
from reports.authority.figures import render_figures
from reports.authority.paragraph import write_paragraph
from reports.authority.seal import Seal, hash_content
from reports.authority.shareable import make_shareable
from reports.formats import KIND_NAMES
from reports.national.national import national_from_json, national_to_json, render_national_figures
from reports.render import ReportKind, render_national_pdf, render_pdf
from reports.words import name_respondent

__all__ = ["KINDS", "MAKE_REPORT", "read_request"]

KINDS = tuple(kind.value for kind in ReportKind)


@dataclass(frozen=True, slots=True)
class Results:
    """What an authority sees of one submitted assessment, the newest unless another is chosen.

    ``report`` is None where nothing is submitted yet; ``rounds`` are those that are submitted,
    newest first; ``requests`` are the PDFs asked for in any of them;
    ``paragraph`` is to paste into a committee paper, and as safe as the version to share.
    """

    survey: Survey
    scores: Scores
    report: ReportData | None
    rounds: tuple[Round, ...]
    requests: tuple[ReportRequest, ...]
    paragraph: str

    def level_name(self, score: float) -> str:
        """Return the name of the level that a score is nearest to."""
        return nearest_level(self.survey.questionnaire, score).name


@dataclass(frozen=True, slots=True)
class RenderInputs:
    """What a report is made from: its data as JSON, its kind, and what it can be checked by."""

    data: str
    kind: str
    seal: Seal


def read_results(
    db: Session,
    authority_id: str,
    today: date,
    kind: str = ReportKind.IMPROVEMENT.value,
    round_id: str = "",
) -> Results:
    """Return the results of a round, else of the newest submitted, else of what is answered.

    The report is what one of this kind says. Raises NotFoundError where the authority has not
    submitted the round.
    """
    submitted = read_submitted_rounds(db, authority_id)
    chosen = _choose_submitted(submitted, round_id)
    survey = read_survey(db, authority_id, today, chosen.id if chosen else "")
    report = build_data(db, survey, today, kind) if chosen else None
    return Results(
        survey=survey,
        scores=score_answers(survey.questionnaire, survey.answers),
        report=report,
        rounds=tuple(submitted),
        requests=tuple(reports.read_requests(db, authority_id)),
        paragraph=write_paragraph(make_shareable(report)) if report else "",
    )


def export_figures(
    db: Session, authority_id: str, today: date, round_id: str = ""
) -> tuple[str, str]:
    """Return the figures behind the charts of a round's reports as CSV, and the file's name.

    They are of the newest round unless another is named, and those of the version to share, for
    the file is offered for committee papers.
    Raises NotFoundError where nothing is submitted.
    """
    results = read_results(db, authority_id, today, ReportKind.SHAREABLE.value, round_id)
    if results.report is None:
        raise NotFoundError("There are no figures until the self-assessment is submitted.")
    name = f"{group_id(results.survey.authority.name)}-figures-{results.survey.round.id}.csv"
    return name, render_figures(results.report)


def build_data(
    db: Session, survey: Survey, made_on: date, kind: str = ReportKind.IMPROVEMENT.value
) -> ReportData:
    """Build the data of a report of a submitted assessment."""
    submitted_at = survey.assessment.submitted_at
    own_answers = answers.read_own_answers(db, survey.authority.id, survey.round.id)
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
        benchmark=_read_benchmark(db, survey),
        plan=_read_plan(db, survey),
        made_on=made_on,
        simulated=authorities.read_simulated(db),
    )
    return make_shareable(report) if kind == ReportKind.SHAREABLE else report


def _name_participants(survey: Survey, own_answers: Sequence[OwnAnswer]) -> tuple[str, ...]:
    """Name who agreed or gave answers; two people of one name are named twice."""
    agreed_by = {saved.changed_by for saved in survey.saved.values() if not saved.is_unchecked}
    gave = {Actor(ActorKind.PERSON, own.person.name, own.person) for own in own_answers}
    return tuple(sorted(name_respondent(actor) for actor in agreed_by | gave))


def ask_report(
    db: Session, authority_id: str, kind: str, today: date, *, by: Actor, round_id: str = ""
) -> ReportRequest:
    """Ask for a PDF of a round, the newest unless named; asking twice makes one.

    Its job is queued with it.
    A finished one that says the same, but for the day it was made, is not made again.
    Raises NotAllowedError where nothing is submitted.
    """
    submitted = read_submitted_rounds(db, authority_id)
    chosen = _choose_submitted(submitted, round_id)
    if chosen is None:
        raise NotAllowedError("Submit the self-assessment first; then its reports can be made.")
    round_id = chosen.id
    ready = reports.read_newest_ready(db, authority_id, round_id, kind)
    if ready is not None:
        finished, data = ready
        survey = read_survey(db, authority_id, today, round_id)
        if _gather_claims(data) == _gather_claims(to_json(build_data(db, survey, today, kind))):
            return finished
    request, is_new = request_report(db, authority_id, round_id, kind, today, by=by)
    if is_new:
        audit.save_event(
            db, by, EventKind.REPORT_REQUESTED, authority_id, round=request.round_id, report=kind
        )
    return request


def _choose_submitted(submitted: list[Round], round_id: str) -> Round | None:
    """Return the round of an id, else the newest, of those an authority submitted."""
    if not round_id:
        return next(iter(submitted), None)
    chosen = next((round_ for round_ in submitted if round_.id == round_id), None)
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
    audit.save_event(db, by, EventKind.REPORT_PRINTED, authority_id, round=round_id, report=kind)
    return render_pdf(build_data(db, survey, today, kind), ReportKind(kind))


def read_file(db: Session, authority_id: str, report_id: int) -> tuple[str, bytes]:
    """Return a finished PDF and the name of its file; raises NotFoundError where unfinished."""
    request = reports.read_request(db, authority_id, report_id)
    pdf = reports.read_pdf(db, authority_id, report_id)
    authority = authorities.read_authority(db, authority_id)
    words = group_id(KIND_NAMES[request.kind])
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
    newest = _choose_submitted(read_submitted_rounds(db, survey.authority.id), "")
    is_earlier = newest is not None and newest.id != survey.round.id
    return Plan() if is_earlier else plans.read_plan(db, survey.authority.id)


def _read_history(db: Session, survey: Survey) -> list[Previous]:
    """Return the scores of the rounds before this one that the authority submitted, newest first.

    Each is by the version of the questionnaire that was answered then.
    """
    history = []
    for round_ in read_submitted_rounds(db, survey.authority.id):
        if round_.opens_on < survey.round.opens_on:
            questionnaire = questionnaires.read_questionnaire(db, round_.questionnaire_version)
            saved = answers.read_answers(db, survey.authority.id, round_.id)
            agreed = {question_id: s.answer for question_id, s in saved.items()}
            history.append(Previous(round_.name, score_answers(questionnaire, agreed)))
    return history


def _read_benchmark(db: Session, survey: Survey) -> PeerBenchmark | None:
    """Compare the authority with each of its groups in the newest edition there is."""
    edition = benchmarks.read_newest_edition(db, survey.round)
    if edition is None:
        return None
    register, found = _find_neighbours(db, survey, edition)
    return PeerBenchmark(
        edition=edition,
        round_name=rounds.read_round(db, edition.round_id).name,
        comparisons=_compare(db, survey, edition, found),
        neighbours=describe_neighbours(register, found),
    )


def _compare(
    db: Session, survey: Survey, edition: Edition, found: NeighbourSet
) -> tuple[PeerComparison, ...]:
    """Compare with each group, showing of its peers what the edition shows of it.

    The nearest neighbours are one more group, where there are any. A kind that was added since
    the edition was cut is left out.
    """
    cells = benchmarks.read_cells(db, edition) | _read_neighbour_cells(db, edition, found)
    bases = {edition.number} | {cell.base for group in cells.values() for cell in group.values()}
    near = list_neighbour_memberships(found)
    answers = {base: _read_answers(db, replace(edition, number=base), near) for base in bases}
    offered = set(answers[edition.number][1]["group_kind"])
    own_codes = encode_answers(survey.questionnaire, survey.answers)
    return tuple(
        publish(
            ComparisonDraft(
                survey.questionnaire, survey.authority.id, own_codes, kind, answers, cells
            )
        )
        for kind in GroupKind
        if kind in offered
    )


def _read_answers(
    db: Session, edition: Edition, near: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return codes and memberships behind an edition, a reader's neighbours being a group."""
    codes, memberships = benchmarks.read_answers_behind(db, edition)
    return codes, pd.concat([memberships, near], ignore_index=True)


def _find_neighbours(
    db: Session, survey: Survey, edition: Edition
) -> tuple[list[Authority], NeighbourSet]:
    """Find the neighbours in the register that the edition was cut by; none for a newcomer."""
    register = benchmarks.read_register(db, edition)
    own_id = survey.authority.id
    if own_id not in {authority.id for authority in register}:
        return register, NeighbourSet(own_id, ())
    return register, find_neighbours(register, own_id)


def _read_neighbour_cells(
    db: Session, edition: Edition, found: NeighbourSet
) -> dict[tuple[str, str], dict[tuple[str, str], EditionCell]]:
    """Return what may be shown of the neighbours, as far as nothing else published undoes it.

    It is settled when it is first asked for, and stays.
    """
    if not found.neighbours:
        return {}
    cells = benchmarks.read_neighbour_cells(db, edition, found.authority_id)
    if cells is None:
        history = benchmarking.read_history(db, rounds.read_round(db, edition.round_id))
        ids = [neighbour.authority_id for neighbour in found.neighbours]
        cells = publish(NeighboursDraft(history, found.authority_id, ids))
        benchmarks.save_neighbour_cells(db, edition, found.authority_id, cells)
    return {(GroupKind.NEIGHBOURS.value, found.authority_id): cells}
