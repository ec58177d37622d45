"""What is published: the figures of editions, what a reader is shown, and what is withheld.

Types and counts only. `assessment.core.disclosure` alone decides what stands in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from assessment.core.answers.barriers import ChoiceKind
from assessment.core.errors import AssessmentError
from assessment.core.people.groups import GroupKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.published_figures import PeerFigure
from assessment.core.statistics.withholding import (
    MISSING_CENTRE,
    WITHHELD_CENTRE,
    Reason,
    Withheld,
    WithheldCounts,
)

# The fewest authorities behind a figure. [authorities]
MIN_FOR_CENTRE = 5
MIN_FOR_SPREAD = 10

GROUP = ["group_kind", "group_id"]
ITEM = ["measure", "item_id"]
CELL = [*GROUP, *ITEM]
CHANGE_COLUMNS = [
    *GROUP,
    "group_name",
    "of_n",
    *ITEM,
    "n",
    "submitted",
    "change",
    WITHHELD_CENTRE,
    MISSING_CENTRE,
    "base",
    "then_round",
    "then_number",
]

Item = tuple[str, str]


class DisclosureError(AssessmentError):
    """Figures that cannot be protected; nothing of them may be published."""


@dataclass(frozen=True, slots=True)
class CutEdition:
    """An edition that was cut, with the answers behind it.

    ``figures`` one row per group and item as published; ``bases`` with the number of the
    edition whose answers each row shows; ``answer_codes`` and ``memberships`` as they were;
    ``changes`` one row per group and comparable item, with the edition that each is worked out
    from (``base``) and the one it goes back to; no row where no round came before.
    """

    round_id: str
    number: int
    questionnaire: Questionnaire
    figures: pd.DataFrame
    bases: pd.DataFrame
    answer_codes: pd.DataFrame
    memberships: pd.DataFrame
    changes: pd.DataFrame


@dataclass(frozen=True, slots=True)
class EditionAudit:
    """What an edition withholds and lets be worked out.

    ``centres``, ``spreads`` and ``changes`` count what is withheld; ``held`` rows are shown as
    an earlier edition showed them; ``exposed`` are items of which an attacker learns too much,
    and ``told_before`` those of which he learns, from earlier editions alone, what has only now
    come to be withheld.
    """

    centres: WithheldCounts
    spreads: WithheldCounts
    changes: WithheldCounts
    held: int
    exposed: tuple[str, ...]
    told_before: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionCell:
    """What an edition shows of one item of a group: whose answers, and what is withheld."""

    base: int
    withheld_centre: Withheld
    withheld_spread: Withheld


@dataclass(frozen=True, slots=True)
class PeerComparison:
    """One authority beside one group of peers, itself left out: ``n`` counted of ``of_n``."""

    group_kind: GroupKind
    group_id: str
    group_name: str
    n: int
    of_n: int
    figures: tuple[PeerFigure, ...]

    def figure(self, measure: str, item_id: str) -> PeerFigure:
        """Return the figure of one item."""
        return next(f for f in self.figures if f.figure.key.item == (measure, item_id))


@dataclass(frozen=True, slots=True)
class ChoiceShare:
    """The share of authorities that chose one thing, in whole percent; None where withheld."""

    choice_id: str
    text: str
    percent: int | None


@dataclass(frozen=True, slots=True)
class ChoiceShares:
    """One list with its shares, the largest first, of ``n`` authorities that chose from it.

    ``of_n`` were counted; all as it was in the edition of the number ``base``, for shares stay
    until enough have chosen otherwise. Unless they are SHOWN, n and shares are None.
    """

    kind: ChoiceKind
    n: int | None
    of_n: int
    withheld: Reason
    base: int
    shares: tuple[ChoiceShare, ...]

    @property
    def is_shown(self) -> bool:
        """Return whether the shares are shown."""
        return self.withheld is Reason.SHOWN


@dataclass(frozen=True, slots=True)
class PublishedChoices:
    """What one edition shows of both lists, and what its authorities had chosen.

    ``rows`` are those of `summarise_choices` with ``base``, the number of the edition that each
    list was worked out for; ``chosen`` is what it was made from if that is this one.
    """

    number: int
    rows: pd.DataFrame
    chosen: pd.DataFrame

    def shows_anew(self, kind: str) -> bool:
        """Return whether the edition shows shares of a list that were worked out for it."""
        of_kind = self.rows[self.rows["kind"] == kind]
        return bool(
            ((of_kind["base"] == self.number) & (of_kind["withheld"] == Reason.SHOWN)).any()
        )


@dataclass(frozen=True, slots=True)
class EditionDraft:
    """What an edition is to be cut from.

    ``answer_codes`` one row per authority_id that is counted, one column a question;
    ``memberships`` one row per (authority_id, group_kind) of the register; ``then`` the edition
    that matched change goes back to, one of ``history``, or None; ``history`` every earlier
    edition that counts, of the round and of the rounds before it, oldest first.
    """

    round_id: str
    number: int
    questionnaire: Questionnaire
    answer_codes: pd.DataFrame
    memberships: pd.DataFrame
    then: CutEdition | None
    history: Sequence[CutEdition]


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """How the questions do in an edition: one row a question, and one a principle.

    ``reliability`` has ``base``, the number of the edition that both were worked out for.
    """

    questions: pd.DataFrame
    reliability: pd.DataFrame


@dataclass(frozen=True, slots=True)
class ItemStatisticsDraft:
    """What item statistics are to be published from.

    ``edition`` is the one cut; ``seconds`` one row per answer timed; ``earlier`` the round's
    editions before, and ``shown`` what the newest of them published, None where it is the first.
    """

    edition: CutEdition
    seconds: pd.DataFrame
    earlier: Sequence[CutEdition]
    shown: ItemStatistics | None


@dataclass(frozen=True, slots=True)
class ChoicesDraft:
    """What shares of barriers and support are to be published from.

    ``edition`` is the one cut; ``chosen`` one row per thing chosen: ``authority_id``, ``kind``,
    ``choice_id``; ``earlier`` what the round's editions before published, oldest first.
    """

    edition: CutEdition
    chosen: pd.DataFrame
    earlier: Sequence[PublishedChoices]


@dataclass(frozen=True, slots=True)
class NeighboursDraft:
    """What one authority is to be shown of its nearest neighbours.

    ``editions`` all that count, oldest first; the last one is the one compared with.
    """

    editions: Sequence[CutEdition]
    authority_id: str
    neighbour_ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class ComparisonDraft:
    """What one authority is to be shown of its peers of one kind of group.

    ``answers`` codes and memberships behind each edition, by number: those of the newest and
    of every base in ``cells``; ``cells`` what the newest edition shows, by group and item.
    """

    questionnaire: Questionnaire
    authority_id: str
    own_answer_codes: np.ndarray
    group_kind: GroupKind
    answers: Mapping[int, tuple[pd.DataFrame, pd.DataFrame]]
    cells: Mapping[tuple[str, str], Mapping[Item, EditionCell]]
