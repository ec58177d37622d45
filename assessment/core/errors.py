"""The errors that rooms raise to one another; web/errors.py alone turns them into pages."""

from collections.abc import Sequence
from dataclasses import dataclass

# More mistakes of one file than these are counted and not listed; so many more are enough.
MAX_MISTAKES = 50
MAX_COUNTED = 100_000


class AssessmentError(Exception):
    """Anything this product refuses on purpose."""


class NotFoundError(AssessmentError):
    """What was asked for is not there, or not there for this person."""


class WithdrawnError(AssessmentError):
    """What was asked for was open data once, and is withdrawn; the message says when and why."""


class NotAllowedError(AssessmentError):
    """The person may not do this now; the message says why and what to do."""


class UnconfirmedError(NotAllowedError):
    """It can be done, but not undone: whoever means it repeats it with this ``override``."""

    def __init__(self, message: str, override: str) -> None:
        """Keep which override it takes."""
        self.override = override
        super().__init__(message)


class BadParameterError(AssessmentError):
    """A parameter of an address is wrong; the message says how."""

    def __init__(self, parameter: str, message: str) -> None:
        """Keep the parameter's name."""
        self.parameter = parameter
        super().__init__(message)


class NothingFoundError(BadParameterError):
    """A parameter of an address is well formed, and names nothing that is there."""


class TooManyError(AssessmentError):
    """Something was done too often; the message says what to do meanwhile."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        """Keep after how many seconds it can be done again."""
        self.retry_after = retry_after
        super().__init__(message)


class UnavailableError(AssessmentError):
    """Something outside does not answer now; the message says what, and to try again."""


class RefusedError(AssessmentError):
    """Something outside refuses for good; the message is its answer."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a file somebody handed in."""

    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return the mistake as one line of text."""
        where = f"line {self.line}"
        return (
            f"{where}: {self.field}: {self.message}" if self.field else f"{where}: {self.message}"
        )


class FileMistakesError(AssessmentError):
    """A file was refused whole; its first mistakes are listed, the others counted."""

    def __init__(self, name: str, mistakes: Sequence[Mistake], more: int = 0) -> None:
        """Keep the file's name, its first mistakes in the order of their lines, and the count.

        ``more`` mistakes were found beside those handed in.
        """
        self.name = name
        ordered = sorted(mistakes, key=lambda mistake: (mistake.line, mistake.field))
        self.mistakes = ordered[:MAX_MISTAKES]
        self.more = more + len(ordered) - len(self.mistakes)
        listed = [f"{name}: {mistake}" for mistake in self.mistakes]
        count = f"{self.more:,}" if self.more < MAX_COUNTED else f"at least {MAX_COUNTED:,}"
        listed += [f"{name}: and {count} more"] if self.more else []
        super().__init__("\n".join(listed))


class MistakeList:
    """The first mistakes found in a file, and how many more there are."""

    def __init__(self) -> None:
        """Begin with none."""
        self.first: list[Mistake] = []
        self.more = 0

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self.first)

    @property
    def are_enough(self) -> bool:
        """Return whether the file need not be read further."""
        return self.more >= MAX_COUNTED

    def add(self, line: int, field: str, message: str) -> None:
        """Keep a mistake, or only count it where enough are kept."""
        if len(self.first) < MAX_MISTAKES:
            self.first.append(Mistake(line, field, message))
        else:
            self.more += 1
