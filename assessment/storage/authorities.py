"""The register of authorities."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from assessment.core.errors import NotFoundError
from assessment.core.people.authorities import Authority
from assessment.locale import gettext
from assessment.storage.memory import read_once
from assessment.storage.models import AuthorityRow, RegisterRow


def save_register(
    db: Session, authorities: Sequence[Authority], *, version: str, simulated: bool
) -> None:
    """Store a register in an installation that has none."""
    db.execute(delete(RegisterRow))
    db.add(RegisterRow(version=version, simulated=simulated))
    db.execute(insert(AuthorityRow), [asdict(authority) for authority in authorities])


def update_register(db: Session, authorities: Sequence[Authority], *, version: str) -> None:
    """Replace the register in use: every authority of it is among the new ones."""
    db.execute(delete(RegisterRow))
    db.add(RegisterRow(version=version, simulated=False))
    query = upsert(AuthorityRow)
    fields = [column.name for column in AuthorityRow.__table__.columns if column.name != "id"]
    query = query.on_conflict_do_update(
        index_elements=["id"], set_={name: query.excluded[name] for name in fields}
    )
    db.execute(query, [asdict(authority) for authority in authorities])
    db.expire_all()


@read_once
def read_register_version(db: Session) -> str:
    """Return the version of the register; raises NotFoundError where none is loaded."""
    version: str | None = db.scalar(select(RegisterRow.version))
    if version is None:
        raise NotFoundError(gettext("No register of authorities is loaded yet: run flask init."))
    return version


@read_once
def read_simulated(db: Session) -> bool:
    """Return whether the register is the fictional country's."""
    return bool(db.scalar(select(RegisterRow.simulated)))


def read_authorities(db: Session) -> list[Authority]:
    """Return the whole register by name, former authorities included."""
    rows = db.scalars(select(AuthorityRow).order_by(AuthorityRow.name, AuthorityRow.id))
    return [_authority(row) for row in rows]


@read_once
def read_authority(db: Session, authority_id: str) -> Authority:
    """Return one authority; raises NotFoundError where there is none of this id."""
    row = db.get(AuthorityRow, authority_id)
    if row is None:
        raise NotFoundError(
            gettext("There is no authority %(id)s in the register.", id=authority_id)
        )
    return _authority(row)


def _authority(row: AuthorityRow) -> Authority:
    """Turn a row into the core's authority."""
    return Authority(
        id=row.id,
        name=row.name,
        nation=row.nation,
        region=row.region,
        type=row.type,
        population=row.population,
        density=row.density,
        deprivation_score=row.deprivation_score,
        rural_share=row.rural_share,
        gss_code=row.gss_code,
        started_on=row.started_on,
        ended_on=row.ended_on,
        successor_ids=tuple(row.successor_ids),
    )
