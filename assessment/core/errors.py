"""The errors that rooms raise to one another; web/errors.py alone turns them into pages."""

from dataclasses import dataclass


class AssessmentError(Exception):
    """Anything this product refuses on purpose."""


class NotFoundError(AssessmentError):
    """What was asked for is not there, or not there for this person."""


class WithdrawnError(AssessmentError):
    """What was asked for was open data once, and is withdrawn; the message says when and why."""


class NotAllowedError(AssessmentError):
    """The person may not do this now; the message says why and what to do."""


class UnconfirmedError(NotAllowedError):
    """It can be done, but not undone: whoever means it says ``although`` and does it again."""

    def __init__(self, message: str, although: str) -> None:
        """Keep what is to be said."""
        self.although = although
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
    """A file was refused whole; every mistake in it is listed."""

    def __init__(self, name: str, mistakes: list[Mistake]) -> None:
        """Keep the file's name and its mistakes in the order of their lines."""
        self.name = name
        self.mistakes = sorted(mistakes, key=lambda mistake: (mistake.line, mistake.field))
        super().__init__("\n".join(f"{name}: {mistake}" for mistake in self.mistakes))
