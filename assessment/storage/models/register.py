"""The tables of the register."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped, mapped_column

from assessment.storage.models.base import Base, now


class RegisterRow(Base):
    """The version of the register in use; there is one row."""

    __tablename__ = "register"
    version: Mapped[str] = mapped_column(primary_key=True)
    simulated: Mapped[bool]
    loaded_at: Mapped[datetime] = mapped_column(default=now)


class AuthorityRow(Base):
    """One authority of the register, present or former."""

    __tablename__ = "authority"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    nation: Mapped[str]
    region: Mapped[str]
    type: Mapped[str]
    population: Mapped[int | None]
    density: Mapped[float | None]
    deprivation_score: Mapped[float | None]
    rural_share: Mapped[float | None]
    gss_code: Mapped[str]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    successor_ids: Mapped[list[str]]
