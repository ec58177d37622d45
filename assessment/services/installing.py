"""Installing: the tables, the register, the questionnaire."""

from collections.abc import Sequence

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from assessment.core.errors import NotAllowedError, NotFoundError
from assessment.core.people.actors import INSTALLATION
from assessment.core.people.authorities import Authority
from assessment.core.people.events import EventKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.locale import gettext
from assessment.services.editions import releasing
from assessment.services.questionnaires import publishing
from assessment.storage import audit, authorities, benchmarks, database


def migrate(engine: Engine) -> None:
    """Bring a database to the newest version: its tables, and the files of released editions."""
    database.migrate(engine)
    with Session(engine) as db:
        for edition in benchmarks.read_released(db):
            releasing.store_missing_files(db, edition)
            # What is made stays, should a later edition's files fail.
            db.commit()


def is_installed(db: Session) -> bool:
    """Return whether a register is loaded."""
    try:
        authorities.read_register_version(db)
    except NotFoundError:
        return False
    return True


def is_simulated(db: Session) -> bool:
    """Return whether the register in use is the fictional country's."""
    return authorities.read_simulated(db)


def install(
    db: Session, register: Sequence[Authority], version: str, questionnaire: Questionnaire
) -> None:
    """Make a real installation: the register, the questionnaire, no round, no response.

    Raises NotAllowedError where a register is loaded already.
    """
    refuse_second(db)
    authorities.save_register(db, register, version=version, simulated=False)
    publishing.publish_questionnaire(db, questionnaire, by=INSTALLATION)
    audit.save_event(
        db, INSTALLATION, EventKind.REGISTER_LOADED, version=version, count=len(register)
    )


def refuse_second(db: Session) -> None:
    """Refuse to install over what is there, or beside somebody who installs now."""
    if not database.try_lock(db, "install"):
        raise NotAllowedError(gettext("A register is being loaded already; nothing was changed."))
    if is_installed(db):
        version = authorities.read_register_version(db)
        raise NotAllowedError(
            gettext(
                "The register %(version)s is loaded already; nothing was changed. A new one is "
                "compared by flask register check, and loaded by flask register load.",
                version=version,
            )
        )
