"""The door of disclosure control: from a draft to what may be published."""

from collections.abc import Callable
from typing import Any, overload

from assessment.core.disclosure.barriers import protect_choices, summarise_choices
from assessment.core.disclosure.benchmark import compare_with_peers, summarise_groups
from assessment.core.disclosure.change import summarise_change
from assessment.core.disclosure.items import publish_items
from assessment.core.disclosure.peers import follow_edition
from assessment.core.disclosure.suppression import (
    begin_edition,
    protect_changes,
    protect_edition,
    protect_neighbours,
)
from assessment.core.statistics.publication import (
    ChoicesDraft,
    ComparisonDraft,
    CutEdition,
    EditionCell,
    EditionDraft,
    Item,
    ItemStatistics,
    ItemStatisticsDraft,
    NeighboursDraft,
    PeerComparison,
    PublishedChoices,
)


@overload
def publish(draft: EditionDraft) -> CutEdition: ...
@overload
def publish(draft: ItemStatisticsDraft) -> ItemStatistics: ...
@overload
def publish(draft: ChoicesDraft) -> PublishedChoices: ...
@overload
def publish(draft: NeighboursDraft) -> dict[Item, EditionCell]: ...
@overload
def publish(draft: ComparisonDraft) -> PeerComparison: ...
def publish(draft: Any) -> Any:
    """Decide what of a draft may be published, beside everything that ever was.

    Parameters
    ----------
    draft : of an edition, its item statistics, its shares of barriers and support, what an
        authority may be shown of its neighbours, or of one group of its peers.

    Returns
    -------
    Of an edition, its figures and changes with what is withheld and why; of the others, what
    their type says. What cannot be shown anew stays as it was last shown, or is withheld.

    Raises
    ------
    BenchmarkError if an authority counts twice or is in no group, or the answers are of
    another questionnaire. DisclosureError if the figures cannot be protected.
    """
    return _PUBLISHERS[type(draft)](draft)


def _publish_edition(draft: EditionDraft) -> CutEdition:
    """Publish the figures of an edition, then its matched changes, each beside all before."""
    figures = summarise_groups(draft.questionnaire, draft.answer_codes, draft.memberships)
    begun = begin_edition(
        draft.round_id,
        draft.number,
        draft.questionnaire,
        figures,
        draft.answer_codes,
        draft.memberships,
    )
    cut = protect_edition(begun, draft.history)
    if draft.then is None:
        return cut
    now, then = (
        (draft.questionnaire, draft.answer_codes),
        (draft.then.questionnaire, draft.then.answer_codes),
    )
    changes = summarise_change(now, then, draft.memberships)
    return protect_changes(cut, changes, draft.then, draft.history)


def _publish_choices(draft: ChoicesDraft) -> PublishedChoices:
    """Publish shares of barriers and support among the authorities that are counted."""
    counted = [str(authority_id) for authority_id in draft.edition.answer_codes.index]
    chosen = draft.chosen[draft.chosen["authority_id"].isin(counted)]
    fresh = summarise_choices(draft.edition.questionnaire, chosen, counted)
    fresh = fresh.assign(base=draft.edition.number)
    shown = protect_choices(fresh, chosen, draft.earlier)
    return PublishedChoices(draft.edition.number, shown, chosen)


def _publish_neighbours(draft: NeighboursDraft) -> dict[Item, EditionCell]:
    return protect_neighbours(draft.editions, draft.authority_id, draft.neighbour_ids)


def _publish_comparison(draft: ComparisonDraft) -> PeerComparison:
    """Compare with the peers behind the newest edition, or with those that a cell still shows."""
    number = max(draft.answers)
    newest = _compare(draft, number)
    if not newest.group_id:
        return newest
    cells = draft.cells[newest.group_kind.value, newest.group_id]
    older = {cell.base for cell in cells.values()} - {number}
    return follow_edition({number: newest} | {base: _compare(draft, base) for base in older}, cells)


def _compare(draft: ComparisonDraft, base: int) -> PeerComparison:
    answer_codes, memberships = draft.answers[base]
    return compare_with_peers(
        draft.questionnaire,
        answer_codes,
        memberships,
        authority_id=draft.authority_id,
        own_answer_codes=draft.own_answer_codes,
        group_kind=draft.group_kind,
    )


_PUBLISHERS: dict[type, Callable[[Any], Any]] = {
    EditionDraft: _publish_edition,
    ItemStatisticsDraft: publish_items,
    ChoicesDraft: _publish_choices,
    NeighboursDraft: _publish_neighbours,
    ComparisonDraft: _publish_comparison,
}
