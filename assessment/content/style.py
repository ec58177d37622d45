"""How a questionnaire reads: what an editor should look at again before it is published.

The loader refuses what is wrong; here stands what is hard to read or to score alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from assessment.core.questionnaire.questionnaire import Question, Questionnaire

# Reading age is 5 years more than the school grade. [years]
MAX_READING_AGE = 14.0
MAX_DESCRIPTOR_AGE = 16.0
DESCRIPTOR_WORDS = (15, 45)
MAX_QUESTION_WORDS = 20
MAX_SENTENCE_WORDS = 30
WHY_SENTENCES = 2
EVIDENCE_ITEMS = (2, 4)
# Descriptors of different questions that share more than this of their letters. [share]
MAX_SIMILARITY = 0.9
# Words with five letters or more that a level takes up from the level below.
MIN_WORDS_TAKEN_UP = 2

# Words that two careful readers weigh differently.
WEIGHED_DIFFERENTLY = frozenset(
    re.findall(
        r"\w+",
        """
        adequate adequately appropriate appropriately clear clearly comprehensive
        effective effectively excellent extensive good highly meaningful mostly often
        proactive proactively proper properly regular regularly robust significant
        significantly sometimes strategic strategically strong strongly sufficient
        suitable systematic usually well
        """,
    )
)
AMERICAN = re.compile(
    r"\b(\w+(iz(e[ds]?|ing|ations?)|yz(e[ds]?|ing))|colors?|centers?|behaviors?|labor|programs?"
    r"|favor\w*|licensed? to|catalogs?)\b",
    re.IGNORECASE,
)
SIZED = re.compile(r"\b(sizes?d?|prizes?|seiz\w+|capsiz\w+)\b", re.IGNORECASE)

# What each level of a five-level scale must say of coverage and regularity.
ANCHORS = {
    2: re.compile(r"at least (one|once)\b.*|\b24 months\b", re.IGNORECASE),
    3: re.compile(r"\b(written|model|published|in force)\b.*\bsome\b|\bsome\b", re.IGNORECASE),
    4: re.compile(r"\bat least half\b", re.IGNORECASE),
    5: re.compile(r"\bmost or all\b", re.IGNORECASE),
}
YEARLY = re.compile(r"\b(yearly|every year|each year|year's)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at again: where, and what."""

    question_id: str
    part: str
    words: str

    def __str__(self) -> str:
        """Write the remark as one line."""
        return f"{self.question_id} {self.part}: {self.words}"


def check_style(questionnaire: Questionnaire) -> list[Remark]:
    """List what should be looked at again, in the questionnaire's order."""
    remarks: list[Remark] = []
    for question in questionnaire.questions:
        remarks += _check_question(question)
        remarks += _check_descriptors(question)
        remarks += _check_reading_age(questionnaire, question)
    remarks += _check_repeats(questionnaire)
    remarks += [
        Remark(case.id, "sources", "has no source")
        for case in questionnaire.cases
        if not case.sources
    ]
    return remarks


def measure_reading_age(questionnaire: Questionnaire, text: str) -> float:
    """Return the age at which a text can be read, by the Automated Readability Index.

    In years. A term that the glossary explains counts as one short word, "term".
    """
    import textstat  # noqa: PLC0415 (an editor's tool, installed with the tests)

    for term in questionnaire.glossary:
        text = term.replace_in(text, "term")
    return float(textstat.automated_readability_index(text)) + 5


def _check_question(question: Question) -> Iterator[Remark]:
    """Yield what to look at in the question and what stands around it."""
    words = len(question.text.split())
    if words > MAX_QUESTION_WORDS or not question.text.endswith("?"):
        yield Remark(question.id, "text", f"should be one question of {MAX_QUESTION_WORDS} words")
    if " and " in question.text:
        yield Remark(question.id, "text", "joins two practices by “and”")
    if len(_sentences(question.why)) != WHY_SENTENCES:
        yield Remark(question.id, "why", f"should be {WHY_SENTENCES} sentences")
    least, most = EVIDENCE_ITEMS
    if not least <= len(question.evidence) <= most:
        yield Remark(question.id, "evidence", f"should be {least} to {most} documents or figures")
    if not question.sources:
        yield Remark(question.id, "sources", "has no source")
    for part, text in (("text", question.text), ("why", question.why)):
        yield from _check_words(question.id, part, text)


def _check_descriptors(question: Question) -> Iterator[Remark]:
    """Yield what to look at in the descriptors and from one to the next."""
    least, most = DESCRIPTOR_WORDS
    for number, text in enumerate(question.descriptors, start=1):
        part = f"level {number}"
        if not least <= len(text.split()) <= most:
            yield Remark(question.id, part, f"should have {least} to {most} words")
        if "and also" in text.lower():
            yield Remark(question.id, part, "adds a second idea by “and also”")
        if number in ANCHORS and not ANCHORS[number].search(text):
            yield Remark(question.id, part, "does not say how much or how often")
        if number >= 4 and not YEARLY.search(text):
            yield Remark(question.id, part, "does not say that leaders hear of it yearly")
        yield from _check_words(question.id, part, text)
    for number, (below, text) in enumerate(pairwise(question.descriptors[1:]), start=3):
        if len(_stems(below) & _stems(text)) < MIN_WORDS_TAKEN_UP:
            yield Remark(question.id, f"level {number}", "does not build on the level below")


def _check_words(question_id: str, part: str, text: str) -> Iterator[Remark]:
    """Yield the words and sentences that read badly or differently."""
    found = sorted(set(re.findall(r"[a-z-]+", text.lower())) & WEIGHED_DIFFERENTLY)
    if found:
        yield Remark(question_id, part, f"readers weigh {', '.join(found)} differently")
    for word in AMERICAN.findall(SIZED.sub("", text)):
        yield Remark(question_id, part, f"{word[0]} is not British spelling")
    if any(len(sentence.split()) > MAX_SENTENCE_WORDS for sentence in _sentences(text)):
        yield Remark(question_id, part, f"has a sentence of more than {MAX_SENTENCE_WORDS} words")


def _check_reading_age(questionnaire: Questionnaire, question: Question) -> Iterator[Remark]:
    """Yield a remark where a question as a whole, or one descriptor, reads too hard."""
    texts = [("wording", question.wording, MAX_READING_AGE)]
    texts += [
        (f"level {number}", text, MAX_DESCRIPTOR_AGE)
        for number, text in enumerate(question.descriptors, start=1)
    ]
    for part, text, most in texts:
        age = measure_reading_age(questionnaire, text)
        if age > most:
            yield Remark(question.id, part, f"reads at age {age:.1f}, over {most:g}")


def _check_repeats(questionnaire: Questionnaire) -> Iterator[Remark]:
    """Yield descriptors that are nearly the same in two questions."""
    seen: list[tuple[str, str]] = []
    for question in questionnaire.questions:
        for number, text in enumerate(question.descriptors, start=1):
            for other, before in seen:
                # By default it ignores each character that makes up over 1 % of a text of 200 or
                # more, which is nearly every letter.
                matcher = SequenceMatcher(None, before, text, autojunk=False)
                # An upper bound that is quick to find spares most pairs the slow comparison.
                if matcher.quick_ratio() > MAX_SIMILARITY and matcher.ratio() > MAX_SIMILARITY:
                    yield Remark(question.id, f"level {number}", f"repeats {other}")
            seen.append((f"{question.id} level {number}", text))


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"(?<=[.?!])\s+", text.strip()) if part]


def _stems(text: str) -> set[str]:
    """Return the first five letters of each longer word of a text."""
    return {word[:5] for word in re.findall(r"[a-z]{5,}", text.lower())}
