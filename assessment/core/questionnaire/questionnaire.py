"""The questionnaire: principles, questions, level descriptors and what goes with them.

Nothing here or anywhere else knows how many principles, questions or levels there are:
the published file says it.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache, cached_property

from assessment.core.errors import NotFoundError


class Nation(StrEnum):
    """A jurisdiction whose procurement law a legal hook belongs to."""

    ENGLAND = "England"
    WALES = "Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"
    EUROPEAN_UNION = "European Union"


class Part(StrEnum):
    """What an address can name of a questionnaire."""

    QUESTION = "question"
    PRINCIPLE = "principle"
    CASE = "case"


class MissingPartError(NotFoundError):
    """A version has no such question, principle or case study; `reports/words` says it."""

    def __init__(self, part: Part, part_id: str, version: str) -> None:
        """Keep what was asked for."""
        self.part, self.part_id, self.version = part, part_id, version
        super().__init__(f"no {part} {part_id} in version {version}")


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


class Fit(StrEnum):
    """How well a question answers a part of another framework."""

    CLOSE = "close"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class CrosswalkEntry:
    """The part of another framework that a question answers, closely or partly.

    ``nations`` are those whose authorities answer it; empty for all.
    """

    framework: str
    part: str
    fit: Fit
    source: Source
    nations: tuple[Nation, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A word of procurement and its meaning; ``also`` are other words for the same."""

    term: str
    meaning: str
    also: tuple[str, ...] = ()
    source: Source | None = None

    @property
    def id(self) -> str:
        """Return the term as an address part: lower case, words joined by hyphens."""
        return "-".join(re.findall(r"[a-z0-9]+", self.term.lower()))

    def is_in(self, text: str) -> bool:
        """Return whether the term, or another word for it, stands in a text."""
        return any(_word(word).search(text) for word in (self.term, *self.also))

    def replace_in(self, text: str, word: str) -> str:
        """Return a text with another word in the place of the term and of its other words."""
        for own in (self.term, *self.also):
            text = _word(own).sub(word, text)
        return text


@dataclass(frozen=True, slots=True)
class Action:
    """A first move from one level to the next; ``case`` is the id of a case that shows it."""

    from_level: int
    text: str
    owner: str
    effort: Effort
    case: str | None = None


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
    """What one place did: its kind of authority, the route it used, and its sources."""

    id: str
    title: str
    place: str
    kind: str
    route: str
    summary: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One question, which asks for one level.

    ``descriptors`` has one text per level, in the order of the levels. ``sources`` are what
    the indicator rests on. ``same_meaning_as`` lists earlier versions in which a question of
    this id, though worded otherwise, asked the same.
    """

    id: str
    title: str
    text: str
    why: str
    ask: str
    descriptors: tuple[str, ...]
    evidence: tuple[str, ...]
    actions: tuple[Action, ...]
    sources: tuple[Source, ...] = ()
    legal: tuple[LegalHook, ...] = ()
    cases: tuple[str, ...] = ()
    crosswalk: tuple[CrosswalkEntry, ...] = ()
    same_meaning_as: tuple[str, ...] = ()
    weight: float = 1.0

    @property
    def wording(self) -> str:
        """Return all that a person reads to choose a level."""
        return " ".join([self.text, self.why, *self.descriptors])

    @property
    def source_count(self) -> int:
        """Count the different addresses the question and its law rest on."""
        return len({source.url for source in (*self.sources, *(h.source for h in self.legal))})

    def legal_in(self, nation: str) -> tuple[LegalHook, ...]:
        """Return the law of one nation that this question touches."""
        return tuple(hook for hook in self.legal if nation in hook.nations)

    def crosswalk_in(self, nation: str) -> tuple[CrosswalkEntry, ...]:
        """Return what authorities of one nation answer elsewhere too."""
        return tuple(e for e in self.crosswalk if not e.nations or nation in e.nations)

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


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two levels that hardly go together, and ``why``, in one sentence.

    They are those of ``question_id`` from ``least`` and of ``other_id`` up to ``most``.
    """

    question_id: str
    least: int
    other_id: str
    most: int
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose when an assessment is submitted."""

    id: str
    text: str


@dataclass(frozen=True)
class Questionnaire:
    """A published version of the questionnaire.

    ``retired_ids`` are questions of earlier versions: their ids are never used again.
    ``barriers`` are what may hold an authority back and ``support`` what may help it; neither
    is scored.
    """

    version: str
    title: str
    levels: tuple[Level, ...]
    principles: tuple[Principle, ...]
    cases: tuple[CaseStudy, ...] = ()
    glossary: tuple[Term, ...] = ()
    retired_ids: tuple[str, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    barriers: tuple[Choice, ...] = ()
    support: tuple[Choice, ...] = ()

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question, in the order of the principles."""
        return tuple(question for principle in self.principles for question in principle.questions)

    @cached_property
    def question_ids(self) -> tuple[str, ...]:
        """The questions' ids, in order: the columns of every array of answers."""
        return tuple(question.id for question in self.questions)

    def question(self, question_id: str) -> Question:
        """Return one question; raises MissingPartError where there is none of this id."""
        for question in self.questions:
            if question.id == question_id:
                return question
        raise MissingPartError(Part.QUESTION, question_id, self.version)

    def principle(self, principle_id: str) -> Principle:
        """Return one principle; raises MissingPartError where there is none of this id."""
        for principle in self.principles:
            if principle.id == principle_id:
                return principle
        raise MissingPartError(Part.PRINCIPLE, principle_id, self.version)

    def principle_of(self, question_id: str) -> Principle:
        """Return the principle a question belongs to."""
        question = self.question(question_id)
        return next(p for p in self.principles if question in p.questions)

    def principle_number(self, principle_id: str) -> int:
        """Return a principle's place in the questionnaire, counted from 1."""
        return self.principles.index(self.principle(principle_id)) + 1

    def case(self, case_id: str) -> CaseStudy:
        """Return one case study; raises MissingPartError where there is none of this id."""
        for case in self.cases:
            if case.id == case_id:
                return case
        raise MissingPartError(Part.CASE, case_id, self.version)

    def find_cases(
        self, principle_id: str = "", kind: str = "", route: str = ""
    ) -> tuple[CaseStudy, ...]:
        """Return the case studies of a principle, kind of authority and route; empty for any."""
        return tuple(
            case
            for case in self.cases
            if kind in ("", case.kind)
            and route in ("", case.route)
            and principle_id in ("", *(p.id for p in self.principles_with_case(case.id)))
        )

    def questions_with_case(self, case_id: str) -> tuple[Question, ...]:
        """Return the questions a case study goes with."""
        return tuple(question for question in self.questions if case_id in question.cases)

    def principles_with_case(self, case_id: str) -> tuple[Principle, ...]:
        """Return the principles whose questions a case study goes with."""
        questions = self.questions_with_case(case_id)
        return tuple(p for p in self.principles if any(q in p.questions for q in questions))

    def terms_in(self, text: str) -> tuple[Term, ...]:
        """Return the glossary's terms that stand in a text, in the glossary's order."""
        return tuple(term for term in self.glossary if term.is_in(text))


@cache
def _word(word: str) -> re.Pattern[str]:
    """Return what finds a word or its plural; one in capitals is found in capitals only."""
    flags = re.NOFLAG if word.isupper() else re.IGNORECASE
    stem, ending = (word[:-1], "(y|ies)") if word.endswith("y") else (word, "s?")
    return re.compile(rf"(?<!\w){re.escape(stem)}{ending}(?!\w)", flags)
