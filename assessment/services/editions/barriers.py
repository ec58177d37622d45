"""What holds authorities back and would help them: frozen when an edition is cut, then read."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from assessment.core.answers.barriers import ChoiceKind, list_choices
from assessment.core.answers.rounds import Edition
from assessment.core.disclosure import publish
from assessment.core.errors import NotFoundError
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.publication import (
    ChoicesDraft,
    ChoiceShare,
    ChoiceShares,
    CutEdition,
    PublishedChoices,
)
from assessment.core.statistics.withholding import read_withheld
from assessment.storage import benchmarks, questionnaires, responses

SHARES, CHOSEN = "needs", "chosen"


def summarise_barriers(
    db: Session, cut: CutEdition, earlier: Sequence[CutEdition]
) -> dict[str, pd.DataFrame]:
    """Return the frames to freeze with an edition; ``earlier`` are its round's, oldest first."""
    chosen = responses.read_chosen(db, cut.round_id)
    shown = [one for before in earlier for one in _read_shown(db, cut.round_id, before.number)]
    published = publish(ChoicesDraft(cut, chosen, shown))
    return {SHARES: published.rows, CHOSEN: published.chosen}


def read_barriers(db: Session, edition: Edition) -> tuple[ChoiceShares, ...]:
    """Return both lists with their shares; none where the edition was cut before they were."""
    questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)
    try:
        rows = benchmarks.read_rows(db, edition, SHARES)
    except NotFoundError:
        return ()
    kinds = {row["kind"] for row in rows}
    return tuple(_choice_shares(questionnaire, kind, rows) for kind in ChoiceKind if kind in kinds)


def _read_shown(db: Session, round_id: str, number: int) -> list[PublishedChoices]:
    """Return what an edition shows; nothing where it was cut before anybody was asked."""
    try:
        rows, chosen = (
            benchmarks.read_frame_of(db, round_id, number, name) for name in (SHARES, CHOSEN)
        )
    except NotFoundError:
        return []
    return [PublishedChoices(number, rows, chosen)]


def _choice_shares(
    questionnaire: Questionnaire, kind: ChoiceKind, rows: Sequence[dict[str, Any]]
) -> ChoiceShares:
    """Gather the rows of one list, the largest share first."""
    texts = {choice.id: choice.text for choice in list_choices(questionnaire, kind)}
    of_kind = [row for row in rows if row["kind"] == kind.value]
    shares = [
        ChoiceShare(r["choice_id"], texts[r["choice_id"]], _whole(r["percent"])) for r in of_kind
    ]
    return ChoiceShares(
        kind,
        _whole(of_kind[0]["n"]),
        int(of_kind[0]["of_n"]),
        read_withheld(of_kind[0]["withheld"]).reason,
        int(of_kind[0]["base"]),
        tuple(sorted(shares, key=lambda share: -(share.percent or 0))),
    )


def _whole(value: float | None) -> int | None:
    """Return a stored number as a whole one."""
    return None if value is None else int(value)
