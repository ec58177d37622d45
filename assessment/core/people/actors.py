"""Who does something."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in; two people of one name differ by ``id``."""

    id: int
    email: str
    name: str

    @property
    def actor(self) -> "Actor":
        """Return the person as somebody who does something."""
        return Actor(ActorKind.PERSON, self.name, self)


class ActorKind(StrEnum):
    """What somebody who does something is."""

    PERSON = "person"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person, an operator of the command line, or the product itself.

    ``name`` is the person's, the operator's user name in the operating system, or the part of
    the product; ``person`` is None but for a person.
    """

    kind: ActorKind
    name: str
    person: Person | None = None

    @property
    def is_person(self) -> bool:
        """Return whether it is a person who signs in."""
        return self.kind is ActorKind.PERSON


# Somebody who did something before it was kept who: a colleague of whom a name was left.
UNKNOWN = Actor(ActorKind.SYSTEM, "unknown")
# What installs the product.
INSTALLATION = Actor(ActorKind.SYSTEM, "installation")
