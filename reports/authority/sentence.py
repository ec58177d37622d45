"""One sentence about the profile that a leader could say aloud, made by rule."""

from collections.abc import Sequence

from assessment.core.statistics.uncertainty import Position
from reports.authority.parts import PrincipleData
from reports.formats import format_level

PLACES = {
    Position.ABOVE: "above the middle half of our peers",
    Position.WITHIN: "about the same as the middle half of our peers",
    Position.BELOW: "below the middle half of our peers",
}
PLACES_IN_DOUBT = {
    Position.ABOVE: "above the middle half of the peers that answered",
    Position.WITHIN: "about the same as the middle half of the peers that answered",
    Position.BELOW: "below the middle half of the peers that answered",
}


def write_sentence(principles: Sequence[PrincipleData]) -> str:
    """Say what is strongest and what is weakest.

    Parameters
    ----------
    principles : in the questionnaire's order; of equal scores the first is named.

    Returns
    -------
    One sentence in the first person. Where the peers' middle half is shown it says in words
    where both stand.
    """
    scored = [p for p in principles if p.score.score is not None]
    if not scored:
        return "We cannot be scored yet: too few questions have a level."
    strongest, weakest = max(scored, key=_score), min(scored, key=_score)
    if len(scored) == 1:
        return f"Only {strongest.name} can be scored so far: {_level(strongest)}."
    if _level(strongest) == _level(weakest):
        return f"Our scores are even: every principle that is scored stands at {_level(weakest)}."
    first, last = _place(strongest), _place(weakest)
    if first and first == last:
        return (
            f"We are strongest on {strongest.name} and have most to do on {weakest.name}; "
            f"on both we are {first}."
        )
    return (
        f"We are strongest on {strongest.name}{first and ', ' + first}, and have most to do on "
        f"{weakest.name}{last and ', ' + last}."
    )


def _score(principle: PrincipleData) -> float:
    """Return the score of a principle that is scored."""
    return principle.score.score or 0.0


def _level(principle: PrincipleData) -> str:
    """Write a principle's score with its level name."""
    return f"{format_level(principle.score.score)}, {principle.score.level_name}"


def _place(principle: PrincipleData) -> str:
    """Say where a principle stands to the middle half of peers; empty where not shown."""
    peers = principle.score.peers
    if peers is None or peers.place is None:
        return ""
    return (PLACES_IN_DOUBT if peers.place.others else PLACES)[peers.place.position]
