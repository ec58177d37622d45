"""An authority beside its peers, as the newest edition shows them."""

from dataclasses import replace

import pandas as pd
from sqlalchemy.orm import Session

from assessment.core.answers.answers import encode_answers
from assessment.core.answers.rounds import Edition
from assessment.core.disclosure import publish
from assessment.core.people.groups import GroupKind
from assessment.core.statistics.neighbours import NeighbourSet, list_neighbour_memberships
from assessment.core.statistics.publication import ComparisonDraft, EditionCell, PeerComparison
from assessment.services.answering.surveys import Survey
from assessment.services.editions import neighbours
from assessment.storage import benchmarks, questionnaires, rounds
from assessment.storage.frozen import Cells, ItemKey
from assessment.storage.memory import Memory
from reports.authority.build import PeerBenchmark, describe_neighbours
from reports.words import name_memberships

# An authority's figures beside its peers', of the authorities that looked last.
_compared: Memory[tuple[PeerComparison, ...]] = Memory(64)


def read_peers(
    db: Session, survey: Survey, *, with_neighbours: bool = True
) -> PeerBenchmark | None:
    """Compare an authority with each of its groups in the newest edition there is.

    Its nearest neighbours are one more group, once they are settled.
    """
    edition = benchmarks.read_newest_edition(db, survey.round)
    if edition is None:
        return None
    found, settled = NeighbourSet(survey.authority.id, ()), None
    if with_neighbours:
        settled = benchmarks.read_neighbour_cells(db, edition, survey.authority.id)
    if settled is not None:
        found = neighbours.find_nearest(db, edition, survey.authority.id)
    return PeerBenchmark(
        edition=edition,
        round_name=rounds.read_round(db, edition.round_id).name,
        comparisons=_recall_comparisons(db, survey, edition, found, settled or {}),
        neighbours=describe_neighbours(benchmarks.read_register(db, edition), found),
    )


def is_settling(db: Session, survey: Survey) -> bool:
    """Return whether what is shown of an authority's nearest neighbours is yet to be settled."""
    edition = benchmarks.read_newest_edition(db, survey.round)
    if edition is None:
        return False
    found = neighbours.find_nearest(db, edition, survey.authority.id)
    settled = benchmarks.read_neighbour_cells(db, edition, survey.authority.id)
    return bool(found.neighbours) and settled is None


def _recall_comparisons(
    db: Session,
    survey: Survey,
    edition: Edition,
    found: NeighbourSet,
    settled: dict[ItemKey, EditionCell],
) -> tuple[PeerComparison, ...]:
    """Compare with each group, unless the same answers were compared with the same before."""
    cells = dict(benchmarks.read_cells(db, edition))
    if settled:
        cells[GroupKind.NEIGHBOURS.value, found.authority_id] = settled
    bases = {edition.number} | {cell.base for group in cells.values() for cell in group.values()}
    key = (
        survey.authority.id,
        encode_answers(survey.questionnaire, survey.answers).tobytes(),
        questionnaires.read_hash(db, survey.questionnaire.version),
        *(benchmarks.read_content(db, replace(edition, number=base)) for base in sorted(bases)),
        *settled.items(),
    )
    return _compared.recall(key, lambda: _compare(db, survey, edition, found, cells, bases))


def _compare(
    db: Session,
    survey: Survey,
    edition: Edition,
    found: NeighbourSet,
    cells: Cells,
    bases: set[int],
) -> tuple[PeerComparison, ...]:
    """Compare with each group, showing of its peers what the edition shows of it.

    The nearest neighbours are one more group, where there are any. A kind that was added since
    the edition was cut is left out.

    For example, edition 2 is the newest, and what it shows of counties is still the figure of
    edition 1 (the base of its cell is 1), for fewer than five have answered since. A county is
    then compared with the counties that edition 1 counted, less itself.
    """
    near = name_memberships(list_neighbour_memberships(found))
    answers = {base: _read_answers(db, replace(edition, number=base), near) for base in bases}
    offered = set(answers[edition.number][1]["group_kind"])
    own_answer_codes = encode_answers(survey.questionnaire, survey.answers)
    return tuple(
        publish(
            ComparisonDraft(
                survey.questionnaire, survey.authority.id, own_answer_codes, kind, answers, cells
            )
        )
        for kind in GroupKind
        if kind in offered
    )


def _read_answers(
    db: Session, edition: Edition, near: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return codes and memberships behind an edition, a reader's neighbours being a group."""
    answer_codes, memberships = benchmarks.read_answers_behind(db, edition)
    return answer_codes, pd.concat([memberships, near], ignore_index=True)
