"""What holds authorities back and would help them: frozen when an edition is cut, then read."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from assessment.core.books import CutEdition
from assessment.core.disclosure import MIN_FOR_CENTRE
from assessment.core.errors import NotFoundError
from assessment.core.needs import (
    NeedKind,
    NeedList,
    NeedShare,
    count_changed,
    list_choices,
    summarise_needs,
)
from assessment.core.questionnaire import Questionnaire
from assessment.core.rounds import Edition
from assessment.storage import assessments, benchmarks, questionnaires

SHARES, CHOSEN = "needs", "chosen"


def measure_needs(
    db: Session, cut: CutEdition, earlier: Sequence[CutEdition]
) -> dict[str, pd.DataFrame]:
    """Return the frames to freeze with an edition; ``earlier`` are its round's, oldest first.

    Where fewer than five authorities chose something else than when the shares were last worked
    out, they stay as they were, with what they were made from.
    """
    counted = [str(authority_id) for authority_id in cut.codes.index]
    chosen = assessments.read_needs(db, cut.round_id)
    chosen = chosen[chosen["authority_id"].isin(counted)]
    if earlier:
        before = _read_frames(db, cut.round_id, earlier[-1].number)
        if before and count_changed(chosen, before[CHOSEN]) < MIN_FOR_CENTRE:
            return before
    return {SHARES: summarise_needs(cut.questionnaire, chosen, counted), CHOSEN: chosen}


def read_needs(db: Session, edition: Edition) -> tuple[NeedList, ...]:
    """Return both lists with their shares; none where the edition was cut before they were."""
    questionnaire = questionnaires.read_questionnaire(db, edition.questionnaire_version)
    try:
        rows = benchmarks.read_rows(db, edition, SHARES)
    except NotFoundError:
        return ()
    kinds = {row["kind"] for row in rows}
    return tuple(_need_list(questionnaire, kind, rows) for kind in NeedKind if kind in kinds)


def export_needs(db: Session, edition: Edition) -> str:
    """Return both lists with their shares as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["kind", "id", "text", "n", "of_n", "percent", "withheld"])
    for one in read_needs(db, edition):
        for share in one.shares:
            chosen = (one.kind.value, share.choice_id, share.text)
            writer.writerow([*chosen, one.n, one.of_n, share.percent, one.withheld])
    return out.getvalue()


def _read_frames(db: Session, round_id: str, number: int) -> dict[str, pd.DataFrame]:
    """Return what an edition froze; nothing where it was cut before there was any."""
    try:
        return {
            name: benchmarks.read_frame_of(db, round_id, number, name) for name in (SHARES, CHOSEN)
        }
    except NotFoundError:
        return {}


def _need_list(
    questionnaire: Questionnaire, kind: NeedKind, rows: Sequence[dict[str, Any]]
) -> NeedList:
    """Gather the rows of one list, the largest share first."""
    texts = {choice.id: choice.text for choice in list_choices(questionnaire, kind)}
    of_kind = [row for row in rows if row["kind"] == kind.value]
    shares = [
        NeedShare(r["choice_id"], texts[r["choice_id"]], _whole(r["percent"])) for r in of_kind
    ]
    return NeedList(
        kind,
        _whole(of_kind[0]["n"]),
        int(of_kind[0]["of_n"]),
        of_kind[0]["withheld"],
        tuple(sorted(shares, key=lambda share: -(share.percent or 0))),
    )


def _whole(value: float | None) -> int | None:
    """Return a stored number as a whole one."""
    return None if value is None else int(value)
