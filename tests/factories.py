"""Plain functions that make small things with fixed values for tests."""

from datetime import date
from typing import Any, Literal

from assessment.core.answers.answers import Answer, Standing
from assessment.core.people.actors import Actor, ActorKind
from assessment.core.people.authorities import Authority
from assessment.core.plans.plans import PlannedAction
from assessment.core.questionnaire.questionnaire import (
    Action,
    CaseStudy,
    Effort,
    HookKind,
    LegalHook,
    Level,
    Nation,
    Principle,
    Question,
    Questionnaire,
    Source,
)

# Two people who run commands, and a third.
JO, KIT = (Actor(ActorKind.OPERATOR, name) for name in ("Jo", "Kit"))
OPERATOR = Actor(ActorKind.OPERATOR, "tester")
LEVEL_NAMES = ("Starting", "Exploring", "Developing", "Embedding", "Leading", "Beyond")
SOURCE = Source("Guidance", "https://example.org/guidance")


def make_question(**changes: Any) -> Question:
    """Make question 1.1 of five levels."""
    values: dict[str, Any] = {
        "id": "1.1",
        "title": "Challenge-led buying",
        "text": "How do you describe what you need?",
        "why": "Suppliers can offer more to an open question.",
        "ask": "Who writes your specifications?",
        "descriptors": tuple(f"Practice at level {number}." for number in range(1, 6)),
        "evidence": ("A published notice",),
        "actions": tuple(
            Action(number, f"Move on from level {number}.", "Procurement lead", Effort.WEEKS)
            for number in range(1, 5)
        ),
    }
    return Question(**(values | changes))


def make_principle(**changes: Any) -> Principle:
    """Make principle 1 with one question."""
    values: dict[str, Any] = {
        "id": "principle-1",
        "name": "Principle 1",
        "myth": "The rules forbid it.",
        "answer": "They do not.",
        "good": "Leaders ask for outcomes.",
        "questions": (make_question(),),
    }
    return Principle(**(values | changes))


def make_questionnaire(principles: int = 2, questions: int = 3, levels: int = 5) -> Questionnaire:
    """Make a questionnaire of equal principles; questions are 1.1, 1.2 and so on."""
    return Questionnaire(
        version="test-1",
        title="Small questionnaire",
        levels=tuple(
            Level(number, LEVEL_NAMES[number - 1], f"Meaning of level {number}.")
            for number in range(1, levels + 1)
        ),
        principles=tuple(
            make_principle(
                id=f"principle-{place}",
                name=f"Principle {place}",
                questions=tuple(
                    _make_question_of(place, number, levels) for number in range(1, questions + 1)
                ),
            )
            for place in range(1, principles + 1)
        ),
        cases=(make_case(),),
    )


def make_case(**changes: Any) -> CaseStudy:
    """Make a case study."""
    values: dict[str, Any] = {
        "id": "case-1",
        "title": "A town that asked",
        "place": "Exampleton",
        "kind": "District council",
        "route": "Open question",
        "summary": "It asked an open question and got three answers.",
        "sources": (SOURCE,),
    }
    return CaseStudy(**(values | changes))


def make_duty(**changes: Any) -> LegalHook:
    """Make a duty in England that flags level 1."""
    values: dict[str, Any] = {
        "nations": (Nation.ENGLAND,),
        "kind": HookKind.DUTY,
        "text": "You must publish a notice.",
        "instrument": "Example Act",
        "section": "1",
        "in_force_on": date(2025, 2, 24),
        "checked_on": date(2026, 11, 1),
        "source": SOURCE,
        "flag_below": 2,
    }
    return LegalHook(**(values | changes))


def make_answer(question_id: str, level: int | Literal["dk", "na"] = 3, **changes: Any) -> Answer:
    """Make an answer: a level, Don't know or (with a reason) Does not apply."""
    if isinstance(level, int):
        values: dict[str, Any] = {"standing": Standing.LEVEL, "level": level}
    else:
        reason = "We buy none of this." if level == "na" else ""
        values = {"standing": Standing(level), "reason": reason}
    return Answer(**({"question_id": question_id} | values | changes))


def make_planned_action(**changes: Any) -> PlannedAction:
    """Make an open action for question 1.1, due at the end of March 2027."""
    values: dict[str, Any] = {
        "question_id": "1.1",
        "text": "Publish a list of needs.",
        "owner": "Head of procurement",
        "due_on": date(2027, 3, 31),
    }
    return PlannedAction(**(values | changes))


def make_authority(**changes: Any) -> Authority:
    """Make a county of 250,000 residents."""
    values: dict[str, Any] = {
        "id": "A01",
        "name": "Exampleshire",
        "nation": "England",
        "region": "North East",
        "type": "county",
        "population": 250_000,
        "density": 300.0,
        "deprivation_score": 20.0,
        "rural_share": 0.25,
    }
    return Authority(**(values | changes))


def _make_question_of(place: int, number: int, levels: int) -> Question:
    """Make one question of a principle, with as many levels as asked."""
    return make_question(
        id=f"{place}.{number}",
        title=f"Question {place}.{number}",
        descriptors=tuple(f"Practice at level {level}." for level in range(1, levels + 1)),
        actions=tuple(
            Action(level, f"Move on from level {level}.", "Procurement lead", Effort.WEEKS)
            for level in range(1, levels)
        ),
    )
