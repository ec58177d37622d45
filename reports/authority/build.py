"""From core objects to the data of a report."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assessment.core.answers.answers import Answers
from assessment.core.answers.assessments import OwnAnswer
from assessment.core.answers.barriers import NO_CHOICES, Choices
from assessment.core.answers.duties import DutyFinding, DutyState, judge_duties
from assessment.core.answers.rounds import METHOD_VERSION, Edition
from assessment.core.answers.scoring import Scores
from assessment.core.people.authorities import Authority
from assessment.core.plans.plans import Plan
from assessment.core.questionnaire.questionnaire import Choice, Question, Questionnaire
from assessment.core.statistics.neighbours import NeighbourSet
from assessment.core.statistics.publication import MIN_FOR_CENTRE, MIN_FOR_SPREAD, PeerComparison
from reports.authority.comparison import choose_comparison, describe_group
from reports.authority.data import ReportData
from reports.authority.parts import (
    FlagData,
    NeighbourData,
    NeighboursData,
    PlannedActionData,
    RoundData,
    UnknownDutyData,
)
from reports.authority.principles import Basis, describe_overall, describe_principle
from reports.authority.priorities import choose_focus


@dataclass(frozen=True, slots=True)
class Assessed:
    """What the authority answered in the round reported on; ``submitted_on`` may be None.

    ``taken_part`` names who agreed the answers; ``own_answers`` is what each person said;
    ``needs`` was chosen when it was submitted. The answers to the questions of ``unchecked_ids``
    were brought over from ``unchecked_from``, and nobody confirmed them.
    """

    round_name: str
    answers: Answers
    scores: Scores
    submitted_on: date | None
    taken_part: tuple[str, ...] = ()
    own_answers: tuple[OwnAnswer, ...] = ()
    needs: Choices = NO_CHOICES
    unchecked_ids: tuple[str, ...] = ()
    unchecked_from: str = ""


@dataclass(frozen=True, slots=True)
class Previous:
    """The authority's scores in a round before."""

    round_name: str
    scores: Scores


@dataclass(frozen=True, slots=True)
class PeerBenchmark:
    """An edition of the round named, and the authority beside each group offered.

    ``neighbours`` says who the nearest are; None where none are compared with.
    """

    edition: Edition
    round_name: str
    comparisons: tuple[PeerComparison, ...]
    neighbours: NeighboursData | None = None


def build_report(
    *,
    questionnaire: Questionnaire,
    authority: Authority,
    assessed: Assessed,
    history: Sequence[Previous],
    benchmark: PeerBenchmark | None,
    plan: Plan,
    made_on: date,
    simulated: bool,
) -> ReportData:
    """Gather everything that a report says.

    Parameters
    ----------
    questionnaire : the version answered.
    authority : whose report it is.
    assessed : its answers and scores in the round.
    history : its scores in the rounds before, newest first.
    benchmark : the edition to compare with, None where none was cut; it may be of an earlier
        round, and the report says so.
    plan : the authority's improvement plan; a target for a principle that the questionnaire
        lacks is left out.
    made_on : the day printed on the report.
    simulated : whether the data are invented.

    Returns
    -------
    The data of a report of any kind; scores and changes are levels, not rounded.

    Notes
    -----
    Peers are those of `choose_comparison`; priorities, strengths and actions follow the rules
    of `reports.authority.priorities`. A change is the difference of the scores before rounding.
    """
    comparisons = () if benchmark is None else benchmark.comparisons
    chosen = choose_comparison(comparisons)
    previous = history[0] if history else None
    basis = Basis(
        questionnaire,
        assessed.answers,
        assessed.scores,
        None if previous is None else previous.scores,
        comparisons,
        chosen,
        plan.targets,
        assessed.own_answers,
        made_on,
    )
    principles = tuple(describe_principle(basis, p) for p in questionnaire.principles)
    duties = judge_duties(questionnaire, assessed.answers, authority.nation)
    return ReportData(
        authority_name=authority.name,
        nation=authority.nation,
        round_name=assessed.round_name,
        submitted_on=assessed.submitted_on,
        made_on=made_on,
        simulated=simulated,
        questionnaire_title=questionnaire.title,
        questionnaire_version=questionnaire.version,
        method_version=METHOD_VERSION,
        levels=questionnaire.levels,
        edition=None if benchmark is None else benchmark.edition,
        edition_round_name="" if benchmark is None else benchmark.round_name,
        previous_round_name="" if previous is None else previous.round_name,
        peer_group=None if chosen is None else describe_group(chosen),
        groups=tuple(map(describe_group, comparisons)),
        overall=describe_overall(basis),
        principles=principles,
        focus=choose_focus([q for p in principles for q in p.questions], questionnaire.levels),
        flags=_list_flags(questionnaire, assessed.answers, duties),
        unknown_duties=_list_unknown_duties(assessed.answers, duties),
        min_for_median=MIN_FOR_CENTRE,
        min_for_spread=MIN_FOR_SPREAD,
        neighbours=None if benchmark is None else benchmark.neighbours,
        taken_part=assessed.taken_part,
        unchecked_ids=assessed.unchecked_ids,
        unchecked_from=assessed.unchecked_from,
        barriers=_name_chosen(questionnaire.barriers, assessed.needs.barriers),
        support=_name_chosen(questionnaire.support, assessed.needs.support),
        plan=_describe_plan(questionnaire, plan, made_on),
        rounds=tuple(
            _describe_round(name, scores)
            for name, scores in (
                *((one.round_name, one.scores) for one in reversed(history)),
                (assessed.round_name, assessed.scores),
            )
        ),
    )


def describe_neighbours(
    authorities: Sequence[Authority], found: NeighbourSet
) -> NeighboursData | None:
    """Describe an authority's nearest neighbours, so that each can be inspected.

    Parameters
    ----------
    authorities : the register that they were found in.
    found : the neighbours, nearest first.

    Returns
    -------
    The reader and its neighbours with their traits; None where there are none.
    """
    if found.likeness is None:
        return None
    by_id = {authority.id: authority for authority in authorities}
    own = _describe_neighbour(by_id[found.authority_id], 0.0)
    others = (_describe_neighbour(by_id[n.authority_id], n.distance) for n in found.neighbours)
    return NeighboursData(found.likeness, own, tuple(others))


def _describe_neighbour(authority: Authority, distance: float) -> NeighbourData:
    """Describe one authority by its traits."""
    share, population = authority.rural_share, authority.population
    return NeighbourData(
        name=authority.name,
        type=authority.type,
        population=None if population is None else int(population),
        density=authority.density,
        rural_percent=None if share is None else 100 * share,
        deprivation=authority.deprivation_score,
        distance=distance,
    )


def _describe_plan(
    questionnaire: Questionnaire, plan: Plan, made_on: date
) -> tuple[PlannedActionData, ...]:
    """Describe the planned actions with their questions' titles, as of the day of the report."""
    titles = {question.id: question.title for question in questionnaire.questions}
    return tuple(
        PlannedActionData(
            question_id=saved.action.question_id,
            question_title=titles.get(saved.action.question_id, ""),
            text=saved.action.text,
            owner=saved.action.owner,
            due_on=saved.action.due_on,
            is_done=saved.action.is_done,
            is_overdue=not saved.action.is_done and saved.action.due_on < made_on,
        )
        for saved in plan.actions
    )


def _describe_round(round_name: str, scores: Scores) -> RoundData:
    by_principle = {working.principle_id: working.score for working in scores.principles}
    return RoundData(round_name, scores.overall, by_principle)


def _name_chosen(choices: Sequence[Choice], chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the texts of what was chosen."""
    return tuple(choice.text for choice in choices if choice.id in chosen)


def _list_flags(
    questionnaire: Questionnaire, answers: Answers, duties: Sequence[DutyFinding]
) -> tuple[FlagData, ...]:
    """List the duties that the answers suggest may be missed."""
    return tuple(
        _describe_flag(one, answers[one.question.id].code, questionnaire)
        for one in duties
        if one.state is DutyState.TO_CHECK
    )


def _describe_flag(finding: DutyFinding, level: int, questionnaire: Questionnaire) -> FlagData:
    """Describe a duty to check, with the level that was reached."""
    question, hook = finding.question, finding.hook
    return FlagData(
        question_id=question.id,
        question_title=question.title,
        level=next(step for step in questionnaire.levels if step.number == level),
        text=hook.text,
        instrument=hook.instrument,
        section=hook.section,
        source_title=hook.source.title,
        source_url=hook.source.url,
        checked_on=hook.checked_on,
    )


def _list_unknown_duties(
    answers: Answers, duties: Sequence[DutyFinding]
) -> tuple[UnknownDutyData, ...]:
    """List the questions whose duties cannot be judged, each once, with all of them."""
    laws: dict[Question, list[str]] = {}
    for one in duties:
        if one.state is DutyState.NOT_KNOWN:
            law = f"{one.hook.instrument}, {one.hook.section}"
            laws.setdefault(one.question, []).append(law)
    return tuple(
        UnknownDutyData(
            question_id=question.id,
            question_title=question.title,
            standing=answers[question.id].standing if question.id in answers else None,
            ask=question.ask,
            laws=tuple(laws[question]),
        )
        for question in laws
    )
