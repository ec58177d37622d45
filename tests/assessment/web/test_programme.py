"""The programme's pages."""

import pytest

from assessment.core.accounts import Role
from tests.assessment.web.conftest import SignIn


@pytest.mark.parametrize("kind", ["all", "nation", "region", "type", "band", "rurality"])
def test_benchmark_every_kind_of_group_is_a_sound_page(sign_in: SignIn, kind: str):
    page = sign_in(Role.ANALYST).get(f"/programme/benchmarks/2025/{kind}")

    assert page.status_code == 200
    assert "Edition 1 of round 2025" in page.text


def test_benchmark_small_group_says_what_would_open_it(sign_in: SignIn):
    page = sign_in(Role.ANALYST).get("/programme/benchmarks/2025/type").text

    # Four of eleven Northern Irish districts took part in the simulated round.
    assert "shown when one more of the Northern Irish districts submits" in page


@pytest.mark.parametrize(
    "path",
    [
        "/programme/benchmarks/2025/colour",
        "/programme/benchmarks/1066/type",
        "/programme/benchmarks/2025/type.exe",
        "/programme/participation/%00",
    ],
)
def test_programme_address_of_nothing_is_not_found(sign_in: SignIn, path: str):
    assert sign_in(Role.ANALYST).get(path).status_code == 404


def test_participation_counts_of_types_add_to_the_total(sign_in: SignIn):
    page = sign_in(Role.ANALYST).get("/programme/participation/2025").text

    # 60 % of 397 is 238.2
    assert "<strong>238 of 397</strong>" in page
