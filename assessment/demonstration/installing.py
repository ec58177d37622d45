"""The demonstration's installation: a fictional country, two closed rounds and an open one."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from assessment.core.answers.answers import Answer
from assessment.core.answers.rounds import Round
from assessment.core.people.actors import Actor, ActorKind
from assessment.core.people.authorities import Authority
from assessment.core.people.memberships import Role
from assessment.core.plans.plans import PlannedAction
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.demonstration.responses import (
    SEED,
    simulate_answers,
    simulate_choices,
    simulate_register,
)
from assessment.services.editions import cutting, releasing, settling
from assessment.services.installing import refuse_second
from assessment.services.people import accounts
from assessment.services.plans import planning
from assessment.services.questionnaires import publishing
from assessment.services.rounds import scheduling
from assessment.storage import answers, authorities, imports, responses

SIMULATED_REGISTER = "simulated"
SIMULATED_REASON = "Simulated: not applicable here"
DEMONSTRATION = Actor(ActorKind.SYSTEM, "demonstration")
# Simulated assessments are submitted on one day of their round.
SUBMITTED_AFTER = timedelta(days=20)
NOON = time(12, tzinfo=UTC)
# What the demonstration's authority plans.
PLANNED_TARGET = 3.5
PLANNED_EVERY = timedelta(days=45)

# The demonstration's people: one for each group of users, and a colleague of the lead's.
DEMONSTRATION_LEAD = "lead@demonstration.example"
DEMONSTRATION_CONTRIBUTOR = "economy@demonstration.example"
DEMONSTRATION_LEADER = "chief.executive@demonstration.example"
DEMONSTRATION_ANALYST = "analyst@demonstration.example"


def install_demonstration(db: Session, questionnaire: Questionnaire, today: date) -> None:
    """Make the demonstration: a fictional country, two closed rounds and an open one.

    Raises NotAllowedError where a register is loaded already.
    """
    refuse_second(db)
    register = simulate_register()
    authorities.save_register(db, register, version=SIMULATED_REGISTER, simulated=True)
    publishing.publish_questionnaire(db, questionnaire, by=DEMONSTRATION)
    rounds_ = _demonstration_rounds(questionnaire.version, today)
    home = _simulate(db, questionnaire, register, rounds_)
    for round_ in rounds_[:-1]:
        day_after = round_.closes_on + timedelta(days=1)
        edition = cutting.cut_edition(db, round_.id, day_after, by=DEMONSTRATION)
        # The authority that everybody looks at first need not wait for the job.
        settling.settle(db, edition, home.id)
    releasing.release_edition(db, rounds_[0].id, None, rounds_[1].opens_on, by=DEMONSTRATION)
    people = (
        (DEMONSTRATION_LEAD, "Alex Morgan", Role.LEAD, home.id),
        (DEMONSTRATION_CONTRIBUTOR, "Priya Shah", Role.CONTRIBUTOR, home.id),
        (DEMONSTRATION_LEADER, "Sam Okafor", Role.SIGNATORY, home.id),
        (DEMONSTRATION_ANALYST, "Robin Hughes", Role.ANALYST, None),
    )
    lead, colleague, *_ = (
        accounts.create_account(db, *person, today=today, by=DEMONSTRATION).actor
        for person in people
    )
    _answer_apart(db, home.id, rounds_[-2].id, questionnaire, lead, colleague)
    _plan(db, home.id, rounds_[-2].id, questionnaire, lead, today)


def _answer_apart(
    db: Session,
    authority_id: str,
    round_id: str,
    questionnaire: Questionnaire,
    lead: Actor,
    colleague: Actor,
) -> None:
    """Let two people of an authority have answered: as was agreed, and often higher."""
    highest = len(questionnaire.levels)
    saved = answers.read_answers(db, authority_id, round_id)
    for index, question_id in enumerate(sorted(saved)):
        agreed = saved[question_id].answer
        theirs = agreed
        if agreed.level is not None:
            higher = 2 if index % 9 == 0 else index % 3 // 2
            level = min(agreed.level + higher, highest)
            theirs = Answer(question_id, agreed.standing, level)
        for answer, person in ((agreed, lead), (theirs, colleague)):
            answers.save_own_answer(db, authority_id, round_id, answer, by=person)


def _plan(
    db: Session,
    authority_id: str,
    round_id: str,
    questionnaire: Questionnaire,
    by: Actor,
    today: date,
) -> None:
    """Plan the next move of each principle's lowest question, the first of them done."""
    targets = {principle.id: PLANNED_TARGET for principle in questionnaire.principles[:4]}
    planning.save_targets(db, authority_id, questionnaire, targets, seen="", by=by)
    saved = answers.read_answers(db, authority_id, round_id)
    levels = {question_id: one.answer.level for question_id, one in saved.items()}
    for index, principle in enumerate(questionnaire.principles):
        steps = [
            (level, question.id, step)
            for question in principle.questions
            if (level := levels.get(question.id)) and (step := question.action_from(level))
        ]
        _, question_id, step = min(steps, key=lambda one: one[:2])
        action = PlannedAction(
            question_id=question_id,
            text=step.text,
            owner=step.owner,
            due_on=today + PLANNED_EVERY * index,
            is_done=index == 0,
        )
        planning.save_action(db, authority_id, questionnaire, uuid4(), action, revision=0, by=by)


def _demonstration_rounds(version: str, today: date) -> list[Round]:
    """Return two closed yearly rounds and one open around today."""
    opened_on = today - timedelta(days=30)
    rounds_ = []
    for years_ago in (2, 1, 0):
        year = opened_on.year - years_ago
        opens_on = opened_on - timedelta(days=365 * years_ago)
        rounds_.append(
            Round(
                id=str(year),
                name=f"Round {year}",
                opens_on=opens_on,
                closes_on=opens_on + timedelta(days=90),
                questionnaire_version=version,
            )
        )
    return rounds_


def _simulate(
    db: Session,
    questionnaire: Questionnaire,
    register: Sequence[Authority],
    rounds_: Sequence[Round],
) -> Authority:
    """Store simulated assessments and return the authority of the demonstration's people.

    That is a unitary authority that took part in every closed round and has yet to begin the
    open one.
    """
    answers = simulate_answers(questionnaire, register, rounds=len(rounds_))
    closed = answers[answers["round_index"] < len(rounds_) - 1]
    taken_part = closed.groupby("authority_id")["round_index"].nunique()
    faithful = set(taken_part.index[taken_part == len(rounds_) - 1])
    home = next(a for a in register if a.type == "unitary authority" and a.id in faithful)
    question_ids = list(questionnaire.question_ids)
    for number, round_ in enumerate(rounds_):
        scheduling.open_round(db, round_, by=DEMONSTRATION)
        rows = answers[answers["round_index"] == number]
        answer_codes = rows.pivot_table(index="authority_id", columns="question_id", values="code")
        answer_codes = answer_codes[question_ids].astype("int8")
        if round_ is rounds_[-1]:
            answer_codes = answer_codes.drop(index=home.id, errors="ignore")
        imports.save_imported(
            db,
            round_.id,
            answer_codes,
            counted=True,
            by=DEMONSTRATION,
            reason=SIMULATED_REASON,
            submitted_at=datetime.combine(round_.opens_on + SUBMITTED_AFTER, NOON),
        )
        chosen_by = simulate_choices(questionnaire, list(answer_codes.index), SEED + number)
        responses.save_chosen(db, round_.id, chosen_by)
    return home
