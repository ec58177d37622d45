"""The sessions of a person's browsers."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """That a person is signed in in one browser; ``id`` is no secret, unlike its key."""

    id: str
    begun_at: datetime
    ends_at: datetime
