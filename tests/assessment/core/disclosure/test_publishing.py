"""The door: what drafts of each type become."""

import numpy as np
import pandas as pd

from assessment.core.disclosure import audit, publish
from assessment.core.people.groups import GroupKind, list_memberships
from assessment.core.statistics.publication import ComparisonDraft, EditionCell, EditionDraft
from assessment.core.statistics.withholding import HIDDEN, SHOWN
from tests.factories import make_authority, make_questionnaire

QUESTIONNAIRE = make_questionnaire(1, 1)
# Twelve counties, the last of unknown population: in no band.
REGISTER = [
    make_authority(id=f"A{number:02}", population=None if number == 11 else 250_000)
    for number in range(12)
]
CODES = pd.DataFrame(
    {"1.1": np.array([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2], dtype="int8")},
    index=pd.Index([authority.id for authority in REGISTER], name="authority_id"),
)
MEMBERSHIPS = list_memberships(REGISTER)
ITEMS = (("overall", "overall"), ("principle", "principle-1"), ("question", "1.1"))


def draft_comparison(kind: GroupKind, cell: EditionCell) -> ComparisonDraft:
    """Draft what the last county is to be shown, where the edition shows every item as here."""
    return ComparisonDraft(
        QUESTIONNAIRE,
        "A11",
        CODES.loc["A11"].to_numpy(),
        kind,
        {1: (CODES, MEMBERSHIPS)},
        {("type", "county"): dict.fromkeys(ITEMS, cell)},
    )


def test_publish_edition_is_what_its_audit_finds_nothing_in():
    edition = publish(EditionDraft("R", 1, QUESTIONNAIRE, CODES, MEMBERSHIPS, None, ()))

    everybody = edition.figures[
        (edition.figures["group_kind"] == "all") & (edition.figures["measure"] == "question")
    ]
    # 33 / 12 = 2.75
    assert (everybody["n"].item(), everybody["mean"].item()) == (12, 2.8)
    assert audit([edition]).exposed == ()


def test_publish_comparison_shows_what_the_edition_shows_of_the_group():
    shown = publish(draft_comparison(GroupKind.TYPE, EditionCell(1, SHOWN, SHOWN)))
    hidden = publish(draft_comparison(GroupKind.TYPE, EditionCell(1, HIDDEN, HIDDEN)))

    # the eleven others have 31 levels together: 2.8
    assert (shown.n, shown.figure("question", "1.1").figure.mean) == (11, 2.8)
    assert hidden.figure("question", "1.1").figure.mean is None


def test_publish_comparison_with_a_group_that_the_authority_is_not_in_has_no_peers():
    comparison = publish(draft_comparison(GroupKind.BAND, EditionCell(1, SHOWN, SHOWN)))

    assert (comparison.group_id, comparison.n) == ("", 0)
    assert comparison.figure("question", "1.1").figure.mean is None
