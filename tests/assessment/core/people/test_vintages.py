from datetime import date

from assessment.core.people.vintages import RegisterChangeKind, compare_registers
from tests.factories import make_authority

SURREY = make_authority(id="SRY", name="Surrey", population=1_200_000)


def test_compare_registers_same_is_nothing() -> None:
    assert compare_registers([SURREY], [SURREY]) == []


def test_compare_registers_names_each_field_in_the_order_of_kinds() -> None:
    after = make_authority(
        id="SRY",
        name="Surrey County Council",
        region="South East",
        population=1_210_000,
        gss_code="E10000030",
        started_on=date(1889, 4, 1),
        ended_on=date(2027, 3, 31),
        successor_ids=("WSY",),
    )
    west = make_authority(id="WSY", name="West Surrey")

    changes = compare_registers([SURREY, make_authority(id="OLD")], [west, after])

    assert [(c.kind.value, c.authority.id, c.field) for c in changes] == [
        ("vanished", "OLD", ""),
        ("new", "WSY", ""),
        ("other first day", "SRY", "started_on"),
        ("other last day", "SRY", "ended_on"),
        ("other successors", "SRY", "successor_ids"),
        ("renamed", "SRY", "name"),
        ("moved", "SRY", "region"),
        ("other code", "SRY", "gss_code"),
        ("other figures", "SRY", "population"),
    ]
    figures = changes[-1]
    assert figures.kind is RegisterChangeKind.FIGURES
    assert (figures.before, figures.after) == (1_200_000, 1_210_000)
