"""What is read of an edition's figures."""

from sqlalchemy.orm import Session

from assessment.core.people.groups import GroupKind
from assessment.core.statistics.figures import Measure
from assessment.services.editions import benchmarking


def test_read_figures_says_how_many_types_the_weighted_mean_fills(demonstration: Session):
    edition = benchmarking.read_newest_edition_of(demonstration, "2025")

    figures = benchmarking.read_figures(demonstration, edition)

    overall = [figure for figure in figures if figure.key.measure is Measure.OVERALL]
    types = [figure for figure in overall if figure.key.group_kind is GroupKind.TYPE]
    withheld = [figure for figure in types if figure.mean is None]
    share = sum(each.of_n for each in withheld) / sum(each.of_n for each in types)
    assert 0 < share <= 0.2
    weighted = {f.key.group_kind: f.weighted for f in overall if f.weighted is not None}
    assert list(weighted) == [GroupKind.ALL]
    assert (weighted[GroupKind.ALL].withheld, weighted[GroupKind.ALL].types) == (len(withheld), 9)
