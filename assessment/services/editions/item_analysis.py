"""How the questions do: measured when an edition is cut, read by the programme."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.core.disclosure import publish
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.item_analysis import (
    MIN_FOR_ITEMS,
    QuestionFlag,
    read_flags,
)
from assessment.core.statistics.publication import (
    CutEdition,
    ItemStatistics,
    ItemStatisticsDraft,
)
from assessment.core.statistics.withholding import Reason
from assessment.storage import benchmarks, questionnaires, responses

QUESTIONS, RELIABILITY = "questions", "reliability"


@dataclass(frozen=True, slots=True)
class QuestionStatistics:
    """How one question does; what is withheld or cannot be worked out is None."""

    question_id: str
    title: str
    n: int | None
    percent_dont_know: float | None
    percent_does_not_apply: float | None
    percent_floor: float | None
    percent_ceiling: float | None
    item_total: float | None
    median_seconds: float | None
    flags: tuple[QuestionFlag, ...]


@dataclass(frozen=True, slots=True)
class PrincipleStatistics:
    """How far a principle's questions measure one thing, over ``n`` complete answers.

    Where ``n`` is withheld it is None, with both coefficients.
    """

    name: str
    n: int | None
    alpha: float | None
    omega: float | None
    questions: tuple[QuestionStatistics, ...]

    @property
    def withheld(self) -> Reason:
        """Return why ``n`` and both coefficients are withheld."""
        return Reason.TOO_FEW_COMPLETE if self.n is None else Reason.SHOWN


@dataclass(frozen=True, slots=True)
class ItemAnalysis:
    """How the questionnaire does in an edition."""

    edition: Edition
    principles: tuple[PrincipleStatistics, ...]


def analyse_items(
    db: Session, cut: CutEdition, earlier: Sequence[CutEdition]
) -> dict[str, pd.DataFrame]:
    """Return the frames to freeze with an edition; ``earlier`` are its round's, oldest first."""
    shown = _read_shown(db, earlier[-1]) if earlier else None
    seconds = responses.read_seconds(db, cut.round_id)
    items = publish(ItemStatisticsDraft(cut, seconds, earlier, shown))
    return {QUESTIONS: items.questions, RELIABILITY: items.reliability}


def _read_shown(db: Session, edition: CutEdition) -> ItemStatistics:
    frames = (
        benchmarks.read_frame_of(db, edition.round_id, edition.number, name)
        for name in (QUESTIONS, RELIABILITY)
    )
    return ItemStatistics(*frames)


def read_item_analysis(db: Session, edition: Edition) -> ItemAnalysis:
    """Return how the questions do in an edition."""
    questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)
    rows = benchmarks.read_rows(db, edition, QUESTIONS)
    reliability = benchmarks.read_rows(db, edition, RELIABILITY)
    principles = (_principle_statistics(questionnaire, of, rows) for of in reliability)
    return ItemAnalysis(edition, tuple(principles))


def _principle_statistics(
    questionnaire: Questionnaire, of: dict[str, Any], rows: Sequence[dict[str, Any]]
) -> PrincipleStatistics:
    """Gather a principle's coefficients, and those of the rows that are its questions'."""
    titles = {question.id: question.title for question in questionnaire.questions}
    names = [
        field.name for field in fields(QuestionStatistics) if field.name not in {"title", "flags"}
    ]
    # An edition frozen before small counts were withheld holds them still.
    n = None if (of["n"] or 0) < MIN_FOR_ITEMS else int(of["n"])
    return PrincipleStatistics(
        name=questionnaire.principle(of["principle_id"]).name,
        n=n,
        alpha=of["alpha"],
        omega=of["omega"],
        questions=tuple(
            QuestionStatistics(
                title=titles[row["question_id"]],
                flags=read_flags(row["flags"]),
                **{name: row[name] for name in names},
            )
            for row in rows
            if row["principle_id"] == of["principle_id"]
        ),
    )
