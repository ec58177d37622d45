"""Releasing an edition as open data, and withdrawing it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from assessment.core.answers.rounds import Edition, Withdrawal
from assessment.core.errors import NotAllowedError
from assessment.core.people.actors import Actor
from assessment.core.people.events import EventKind
from assessment.core.statistics.publication import MIN_FOR_CENTRE
from assessment.locale import gettext, ngettext
from assessment.services.editions.benchmarking import read_newest_edition_of
from assessment.services.editions.open_data import (
    FORMATS,
    describe_withdrawal,
    find_edition,
    render_file,
    require_not_withdrawn,
)
from assessment.storage import audit, benchmarks, edition_files, rounds
from reports.formats import format_date
from reports.words import cite_edition


@dataclass(frozen=True, slots=True)
class ReleaseCheck:
    """What a release would make public: an edition of ``counted`` authorities, in ``rows``."""

    edition: Edition
    counted: int
    rows: int


def release_edition(
    db: Session, round_id: str, number: int | None, today: date, *, by: Actor
) -> Edition:
    """Make an edition open data: anybody may read its figures and files from now on.

    Raises as `check_release`; of two releases at once, the second waits and is refused.
    """
    edition = _find_meant(db, round_id, number)
    benchmarks.lock_edition(db, edition)
    check_release(db, round_id, edition.number, today)
    benchmarks.save_release(db, edition, today)
    _store_missing(db, edition)
    audit.save_event(db, by, EventKind.EDITION_RELEASED, round=round_id, number=edition.number)
    return edition


def store_missing_files(db: Session, edition: Edition) -> None:
    """Make the files that a released edition lacks, for it was released before they were stored."""
    benchmarks.lock_edition(db, edition)
    # It may have been withdrawn while the lock was waited for.
    if edition in benchmarks.read_released(db):
        _store_missing(db, edition)


def _store_missing(db: Session, edition: Edition) -> None:
    """Make the files of an edition that are not stored; the caller holds its lock."""
    for file_format in FORMATS:
        if edition_files.read_hash(db, edition, file_format) is None:
            content = render_file(db, edition, file_format)
            edition_files.save_file(db, edition, file_format, content)


def check_release(db: Session, round_id: str, number: int | None, today: date) -> ReleaseCheck:
    """Say what a release would make public, and change nothing.

    The newest edition is meant where no number is given. Raises NotFoundError where there is
    none, NotAllowedError where it is released, was cut before its round was over, or shows
    nothing.
    """
    edition = _find_meant(db, round_id, number)
    round_ = rounds.read_round(db, round_id)
    withdrawal = benchmarks.read_withdrawal(db, edition)
    if withdrawal is not None:
        raise NotAllowedError(
            f"{gettext('Cut another edition.')} {describe_withdrawal(edition, withdrawal)}"
        )
    if benchmarks.read_released_on(db, edition) is not None:
        raise NotAllowedError(
            gettext("%(citation)s, is released already.", citation=cite_edition(edition))
        )
    if not round_.is_over(max(today, edition.cut_on)):
        raise NotAllowedError(
            gettext(
                "%(round)s runs until %(day)s. Release its edition when it is over.",
                round=round_.name,
                day=format_date(round_.closes_on),
            )
        )
    if not round_.is_over(edition.cut_on):
        raise NotAllowedError(
            gettext(
                "%(citation)s, was cut before %(round)s was over. Cut another edition.",
                citation=cite_edition(edition),
                round=round_.name,
            )
        )
    counted = len(benchmarks.read_answers_behind(db, edition)[0])
    if counted < MIN_FOR_CENTRE:
        raise NotAllowedError(
            ngettext(
                "%(citation)s, shows nothing: %(num)s authority is counted in it, and figures are "
                "shown from %(minimum)s on.",
                "%(citation)s, shows nothing: %(num)s authorities are counted in it, and figures "
                "are shown from %(minimum)s on.",
                counted,
                citation=cite_edition(edition),
                minimum=MIN_FOR_CENTRE,
            )
        )
    return ReleaseCheck(edition, counted, len(benchmarks.read_frame(db, edition, "figures")))


def withdraw_release(
    db: Session, round_id: str, number: int, note: str, today: date, *, by: Actor
) -> Edition:
    """Withdraw a released edition from open data with its files.

    Its figures stay stored, and the note is public.

    Raises NotFoundError where the edition is not there, NotAllowedError where it is not
    released or the note is empty, WithdrawnError where it is withdrawn already.
    """
    if not note.strip():
        raise NotAllowedError(
            gettext("Say in the note why the edition is withdrawn: everybody reads it.")
        )
    edition = _find_meant(db, round_id, number)
    benchmarks.lock_edition(db, edition)
    require_not_withdrawn(db, edition)
    if benchmarks.read_released_on(db, edition) is None:
        raise NotAllowedError(
            gettext("%(citation)s, is not released.", citation=cite_edition(edition))
        )
    benchmarks.save_withdrawal(db, edition, Withdrawal(today, note.strip()))
    edition_files.delete_files(db, edition)
    audit.save_event(
        db,
        by,
        EventKind.EDITION_WITHDRAWN,
        round=round_id,
        number=edition.number,
        note=note.strip(),
    )
    return edition


def _find_meant(db: Session, round_id: str, number: int | None) -> Edition:
    """Return a round's edition of this number, the newest where none is given.

    Raises NotFoundError where there is none.
    """
    if number is None:
        return read_newest_edition_of(db, round_id)
    return find_edition(benchmarks.read_editions(db, round_id), round_id, number)
