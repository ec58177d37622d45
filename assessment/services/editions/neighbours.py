"""Finding each authority's nearest neighbours in the register of an edition."""

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition
from assessment.core.statistics.neighbours import NeighbourSet, find_neighbours
from assessment.storage import benchmarks
from assessment.storage.memory import Memory

_found: Memory[NeighbourSet] = Memory(64)


def find_nearest(db: Session, edition: Edition, authority_id: str) -> NeighbourSet:
    """Find an authority's neighbours in the register that an edition was cut by.

    There are none for one that the register lacks.
    """
    register = benchmarks.read_register(db, edition)

    def find() -> NeighbourSet:
        if authority_id not in {authority.id for authority in register}:
            return NeighbourSet(authority_id, ())
        return find_neighbours(register, authority_id)

    return _found.recall((benchmarks.read_content(db, edition), authority_id), find)
