import csv
import io
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assessment.content.register import COLUMNS, REGISTER_PATH, load_register
from assessment.core.errors import MAX_COUNTED, FileMistakesError
from assessment.core.people.authorities import Authority

HEADER = ",".join(COLUMNS)
OLD = "OLD,Oldport Council,England,Coast,district,E1,1974-04-01,2023-03-31,NEW,1000,2.5,,"
NEW = 'NEW,"Newport, Bay Council",England,Coast,county,E2,2023-04-01,,,2000,5.0,17.25,0.125'


def write(path: Path, *lines: str) -> Path:
    file = path / "register.csv"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def mistakes_of(path: Path) -> list[str]:
    with pytest.raises(FileMistakesError) as caught:
        load_register(path)
    return [str(mistake) for mistake in caught.value.mistakes]


def changed(**fields: str) -> str:
    """Return the line of an authority with some fields changed."""
    values = dict.fromkeys(COLUMNS, "") | {
        "authority_id": "NEW",
        "name": "Newport Council",
        "nation": "England",
        "region": "Coast",
        "type": "county",
    }
    return ",".join((values | fields).values())


@pytest.fixture(scope="module")
def real() -> dict[str, Authority]:
    return {authority.id: authority for authority in load_register(REGISTER_PATH)}


def test_load_register_of_two_lines_gives_two_authorities(tmp_path: Path) -> None:
    authorities = load_register(write(tmp_path, HEADER, OLD, NEW))

    assert authorities == [
        Authority(
            id="OLD",
            name="Oldport Council",
            nation="England",
            region="Coast",
            type="district",
            population=1000,
            density=2.5,
            gss_code="E1",
            started_on=date(1974, 4, 1),
            ended_on=date(2023, 3, 31),
            successor_ids=("NEW",),
        ),
        Authority(
            id="NEW",
            name="Newport, Bay Council",
            nation="England",
            region="Coast",
            type="county",
            population=2000,
            density=5.0,
            deprivation_score=17.25,
            rural_share=0.125,
            gss_code="E2",
            started_on=date(2023, 4, 1),
        ),
    ]


def test_load_register_with_two_successors_keeps_their_order(tmp_path: Path) -> None:
    ended = changed(authority_id="OLD", ended_on="2023-03-31", successor_ids="NEW;NEXT")
    path = write(tmp_path, HEADER, ended, changed(), changed(authority_id="NEXT"))

    assert load_register(path)[0].successor_ids == ("NEW", "NEXT")


def test_load_register_with_unknown_and_missing_columns_names_them(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER.replace("density", "colour"), NEW)

    (mistake,) = mistakes_of(path)
    assert mistake.endswith(f"expected the columns {HEADER}; missing: density; not known: 'colour'")


def test_load_register_with_a_column_repeated_is_refused(tmp_path: Path) -> None:
    (mistake,) = mistakes_of(write(tmp_path, f"{HEADER},name"))

    assert mistake.endswith(f"expected the columns {HEADER}")


def test_load_register_of_an_empty_file_says_what_is_expected(tmp_path: Path) -> None:
    assert mistakes_of(write(tmp_path)) == [
        f"line 1: found an empty file; expected the columns {HEADER}"
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_load_register_as_a_spreadsheet_writes_it_is_the_same(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    expected = load_register(write(tmp_path, HEADER, OLD, NEW))
    spaced = [[f" {field}\u00a0" for field in row] for row in csv.reader([HEADER, OLD, NEW])]
    columns = [[*reversed(row), ""] for row in spaced]
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([*columns, [""] * 14])
    path = tmp_path / "register.csv"
    path.write_bytes(text.getvalue().encode(encoding))

    assert load_register(path) == expected


def test_load_register_lists_fifty_mistakes_and_counts_the_others(tmp_path: Path) -> None:
    lines = [changed(authority_id=f"A{n}", nation="Narnia") for n in range(120)]
    with pytest.raises(FileMistakesError) as caught:
        load_register(write(tmp_path, HEADER, *lines))

    # 120 mistakes: fifty lines and one that counts seventy
    assert len(str(caught.value).splitlines()) == 51
    assert str(caught.value).endswith("register.csv: and 70 more")


def test_load_register_of_far_too_many_mistakes_is_not_read_to_its_end(tmp_path: Path) -> None:
    # four columns that must be filled in, and not a nation: five mistakes a line, 200,000 in all
    line = changed(authority_id="", name="", nation="Narnia", region="", type="")
    with pytest.raises(FileMistakesError) as caught:
        load_register(write(tmp_path, HEADER, *[line] * 40_000))

    assert caught.value.more < MAX_COUNTED + 10
    assert str(caught.value).endswith("register.csv: and at least 100,000 more")


def test_load_register_of_other_than_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(f"{HEADER}\n".encode() + b"NEW,Caf\xe9\n")

    assert mistakes_of(path) == [
        "line 2: is not UTF-8 text (found the byte 0xe9); save the file as UTF-8"
    ]


def test_load_register_with_a_short_line_names_it(tmp_path: Path) -> None:
    assert mistakes_of(write(tmp_path, HEADER, NEW, "A,B")) == [
        "line 3: has 2 fields instead of 13"
    ]


def test_load_register_with_a_repeated_id_names_the_first_line(tmp_path: Path) -> None:
    assert mistakes_of(write(tmp_path, HEADER, changed(), changed())) == [
        "line 3: authority_id: NEW stands already on line 2"
    ]


def test_load_register_with_an_unknown_successor_names_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, changed(ended_on="2023-03-31", successor_ids="GONE"))

    assert mistakes_of(path) == ["line 2: successor_ids: there is no authority 'GONE'"]


@pytest.mark.parametrize(
    ("fields", "mistake"),
    [
        ({"name": " "}, "name: must be filled in"),
        ({"nation": ""}, "nation: must be filled in"),
        (
            {"nation": "European Union"},
            "nation: must be one of England, Wales, Scotland, Northern Ireland",
        ),
        ({"population": "1.5"}, "population: '1.5' is not a whole number"),
        ({"population": "-1"}, "population: '-1' is not a whole number"),
        ({"density": "many"}, "density: 'many' is not a number from 0"),
        ({"density": "nan"}, "density: 'nan' is not a number from 0"),
        ({"deprivation_score": "101"}, "deprivation_score: '101' is not a number from 0 to 100"),
        ({"rural_share": "1.01"}, "rural_share: '1.01' is not a number from 0 to 1"),
        ({"started_on": "1 May"}, "started_on: '1 May' is not a date such as 2023-04-01"),
        (
            {"started_on": "2020-04-01", "ended_on": "2020-03-31"},
            "ended_on: must not be before started_on",
        ),
        (
            {"successor_ids": "NEW"},
            "successor_ids: only an authority with ended_on has successors",
        ),
    ],
)
def test_load_register_with_a_wrong_field_names_line_and_field(
    tmp_path: Path, fields: dict[str, str], mistake: str
) -> None:
    path = write(tmp_path, HEADER, changed(**fields))

    assert mistakes_of(path) == [f"line 2: {mistake}"]


def test_load_register_with_several_mistakes_tells_all_at_once(tmp_path: Path) -> None:
    wrong = changed(authority_id="BAD", population="few", rural_share="2")

    assert mistakes_of(write(tmp_path, HEADER, NEW, wrong, "A,B")) == [
        "line 3: population: 'few' is not a whole number",
        "line 3: rural_share: '2' is not a number from 0 to 1",
        "line 4: has 2 fields instead of 13",
    ]


def test_load_register_of_the_real_file_has_every_authority(real: dict[str, Authority]) -> None:
    current = Counter(authority.type for authority in real.values() if not authority.ended_on)

    # 21 + 164 + 63 + 36 + (32 + 1) + (14 + 1) + 32 + 22 + 11 = 397; and 73 former ones
    assert current == {
        "county": 21,
        "district": 164,
        "unitary authority": 63,
        "metropolitan borough": 36,
        "London borough": 33,
        "combined authority": 15,
        "Scottish council": 32,
        "Welsh council": 22,
        "Northern Irish district": 11,
    }
    assert len(real) == 470


def test_load_register_of_the_real_file_is_sorted_and_linked(real: dict[str, Authority]) -> None:
    former = [authority for authority in real.values() if authority.ended_on]

    assert list(real) == sorted(real)
    assert all(authority.successor_ids for authority in former)
    assert real["CMA"].successor_ids == ("CBD", "WAF")
    assert real["CMA"].ended_on == date(2023, 3, 31)
    assert real["NIR-A"].successor_ids == ("DRS",)


def test_load_register_of_the_real_file_has_the_corrections(real: dict[str, Authority]) -> None:
    assert real["BNS"].gss_code == "E08000038"
    assert real["SHF"].gss_code == "E08000039"
    assert real["DBY"].region == real["LIN"].region == "East Midlands"
    assert real["ABD"].started_on is None


def test_load_register_of_the_real_file_has_the_facts_in_their_units(
    real: dict[str, Authority],
) -> None:
    armagh = real["ABC"]

    # 217,232 residents / 1,338 km2 = 162.36; 0.4075 highly rural + 0.1026 rural = 0.5101
    assert armagh.population == 217_232
    assert armagh.density == 162.4
    assert armagh.deprivation_score == 41.83
    assert armagh.rural_share == 0.51


def test_load_register_of_the_real_file_misses_no_fact(
    real: dict[str, Authority],
) -> None:
    current = [authority for authority in real.values() if not authority.ended_on]

    assert all(a.population and a.density for a in current)
    assert all(a.deprivation_score is not None for a in current)
    assert all(a.rural_share is not None for a in current)
    assert all(a.gss_code for a in current)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.integers(0, 400),
    length=st.integers(0, 60),
    piece=st.one_of(
        st.sampled_from([b'"', b",", b"\n", b"\r", b"\0", b"\xa0", b"-1", b"9" * 5_000]),
        st.binary(max_size=6),
    ),
)
@example(start=0, length=0, piece=b"\xff\xfe")
def test_load_register_any_damage_is_read_or_refused_by_line(
    tmp_path: Path, start: int, length: int, piece: bytes
) -> None:
    content = "\n".join([HEADER, OLD, NEW]).encode()
    path = tmp_path / "register.csv"
    path.write_bytes(content[:start] + piece + content[start + length :])

    mistakes = []
    try:
        load_register(path)
    except FileMistakesError as error:
        mistakes = error.mistakes

    assert all(mistake.line >= 1 for mistake in mistakes)
