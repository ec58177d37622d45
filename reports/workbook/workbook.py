"""What the workbook prints of a questionnaire: the law under its Acts, and the words it uses."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assessment.core.questionnaire.questionnaire import (
    LegalHook,
    Nation,
    Question,
    Questionnaire,
    Term,
)


@dataclass(frozen=True, slots=True)
class LawPart:
    """The sections of one instrument that concern the same nations."""

    sections: tuple[str, ...]
    nations: tuple[Nation, ...]


@dataclass(frozen=True, slots=True)
class Law:
    """One instrument, such as an Act, with the parts a question touches."""

    instrument: str
    parts: tuple[LawPart, ...]


def group_law(hooks: Sequence[LegalHook]) -> tuple[Law, ...]:
    """Group facts of law so that each instrument, section and set of nations is named once.

    Parameters
    ----------
    hooks : of one question.

    Returns
    -------
    Instruments and sections in the order in which they first come; nations in their own.
    """
    nations_of: dict[str, dict[str, set[Nation]]] = {}
    for hook in hooks:
        sections = nations_of.setdefault(hook.instrument, {})
        sections.setdefault(hook.section, set()).update(hook.nations)
    return tuple(Law(name, _group_sections(sections)) for name, sections in nations_of.items())


def _group_sections(nations_of: dict[str, set[Nation]]) -> tuple[LawPart, ...]:
    """Put the sections that concern the same nations together."""
    sections_in: dict[tuple[Nation, ...], list[str]] = {}
    for section, found in nations_of.items():
        nations = tuple(nation for nation in Nation if nation in found)
        sections_in.setdefault(nations, []).append(section)
    return tuple(LawPart(tuple(sections), nations) for nations, sections in sections_in.items())


def find_terms(questionnaire: Questionnaire) -> tuple[Term, ...]:
    """Find the terms of the glossary that the workbook's other pages use.

    Parameters
    ----------
    questionnaire : the version to print.

    Returns
    -------
    The terms in alphabetical order, capitals and small letters alike; of their other words
    only those used that do not hold the term itself.
    """
    levels = [f"{level.name} {level.meaning}" for level in questionnaire.levels]
    principles = [f"{p.name} {p.myth} {p.answer} {p.good}" for p in questionnaire.principles]
    questions = [_text(question) for question in questionnaire.questions]
    text = "\n".join([*levels, *principles, *questions])
    found = sorted(questionnaire.terms_in(text), key=lambda term: term.term.casefold())
    return tuple(replace(term, also=_other_words(term, text)) for term in found)


def _other_words(term: Term, text: str) -> tuple[str, ...]:
    """Return the other words for a term that stand in a text, without those that hold it."""
    alone = replace(term, also=())
    others = (word for word in term.also if not alone.is_in(word))
    return tuple(word for word in others if replace(alone, term=word).is_in(text))


def _text(question: Question) -> str:
    """Return what the workbook prints of a question."""
    law = [f"{hook.instrument} {hook.section}" for hook in question.legal]
    return "\n".join([question.title, question.ask, question.wording, *question.evidence, *law])
