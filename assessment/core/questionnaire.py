"""The questionnaire: principles, questions, level descriptors and what goes with them.

Nothing here or anywhere else knows how many principles, questions or levels there are:
the published file says it.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from assessment.core.errors import NotFoundError


class Nation(StrEnum):
    """A jurisdiction whose procurement law a legal hook belongs to."""

    ENGLAND = "England"
    WALES = "Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"
    EUROPEAN_UNION = "European Union"


class HookKind(StrEnum):
    """What a law or policy does: obliges, permits or only informs."""

    DUTY = "duty"
    FREEDOM = "freedom"
    INFORMATION = "information"


class Effort(StrEnum):
    """How long an action takes."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact can be read."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Level:
    """One step of the maturity scale."""

    number: int
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Action:
    """A first move from one level to the next."""

    from_level: int
    text: str
    owner: str
    effort: Effort


@dataclass(frozen=True, slots=True)
class LegalHook:
    """A dated fact of law or policy in one or more jurisdictions.

    ``flag_below`` is set on a duty only: an authority of one of the nations whose agreed
    level is lower gets a flag to check. A flag never changes a score.
    """

    nations: tuple[Nation, ...]
    kind: HookKind
    text: str
    instrument: str
    section: str
    checked_on: date
    source: Source
    in_force_on: date | None = None
    flag_below: int | None = None


@dataclass(frozen=True, slots=True)
class CaseStudy:
    """What one place did, with its sources."""

    id: str
    title: str
    place: str
    summary: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question, which asks for one level.

    ``descriptors`` has one text per level, in the order of the levels.
    """

    id: str
    title: str
    text: str
    why: str
    ask: str
    descriptors: tuple[str, ...]
    evidence: tuple[str, ...]
    actions: tuple[Action, ...]
    legal: tuple[LegalHook, ...] = ()
    cases: tuple[str, ...] = ()
    weight: float = 1.0

    def legal_in(self, nation: str) -> tuple[LegalHook, ...]:
        """Return the law of one nation that this question touches."""
        return tuple(hook for hook in self.legal if nation in hook.nations)

    def action_from(self, level: int) -> Action | None:
        """Return the action that leads from a level to the next, or None at the top."""
        return next((action for action in self.actions if action.from_level == level), None)


@dataclass(frozen=True, slots=True)
class Principle:
    """One of the principles that is scored."""

    id: str
    name: str
    myth: str
    answer: str
    good: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Questionnaire:
    """A published version of the questionnaire.

    ``retired_ids`` are questions of earlier versions: their ids are never used again.
    """

    version: str
    title: str
    levels: tuple[Level, ...]
    principles: tuple[Principle, ...]
    cases: tuple[CaseStudy, ...] = ()
    retired_ids: tuple[str, ...] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order of the principles."""
        return tuple(question for principle in self.principles for question in principle.questions)

    @cached_property
    def question_ids(self) -> tuple[str, ...]:
        """The questions' ids, in order: the columns of every array of answers."""
        return tuple(question.id for question in self.questions)

    def question(self, question_id: str) -> Question:
        """Return one question; raises NotFoundError where there is none of this id."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise NotFoundError(f"There is no question {question_id} in version {self.version}.")

    def principle(self, principle_id: str) -> Principle:
        """Return one principle; raises NotFoundError where there is none of this id."""
        for principle in self.principles:
            if principle.id == principle_id:
                return principle
        raise NotFoundError(f"There is no principle {principle_id} in version {self.version}.")

    def principle_of(self, question_id: str) -> Principle:
        """Return the principle a question belongs to."""
        question = self.question(question_id)
        return next(p for p in self.principles if question in p.questions)

    def principle_number(self, principle_id: str) -> int:
        """Return a principle's place in the questionnaire, counted from 1."""
        return self.principles.index(self.principle(principle_id)) + 1

    def case(self, case_id: str) -> CaseStudy:
        """Return one case study; raises NotFoundError where there is none of this id."""
        for case in self.cases:
            if case.id == case_id:
                return case
        raise NotFoundError(f"There is no case study {case_id} in version {self.version}.")
