"""The fictional country's tables: its types of authority, its regions, its places' names.

Means and spreads are those of the real types of authority, rounded; regions and names are invented.
"""

from dataclasses import dataclass

from assessment.core.questionnaire.questionnaire import Nation


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation of a trait among the authorities of a type."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class TypeProfile:
    """One type of authority in the fictional country.

    ``log_population`` [ln residents], ``log_density`` [ln residents per km2], ``deprivation``
    [index], ``rural`` [share 0 to 1]; ``regions`` counts authorities by invented region;
    ``maturity`` and
    ``interest`` shift the type's latent maturity and its propensity to take part.
    """

    type: str
    nation: Nation
    names: tuple[str, ...]
    log_population: Spread
    log_density: Spread
    deprivation: Spread
    rural: Spread
    regions: dict[str, int]
    maturity: float
    interest: float


PROFILES = (
    TypeProfile(
        type="county",
        nation=Nation.ENGLAND,
        names=("{} County Council",),
        log_population=Spread(13.7, 0.32),
        log_density=Spread(5.7, 0.47),
        deprivation=Spread(16.5, 3.5),
        rural=Spread(0.30, 0.11),
        regions={
            "Upper Vale": 4,
            "Saltmarsh Coast": 5,
            "Tidewater": 1,
            "Lower Vale": 6,
            "Oakenshire": 2,
            "Brackenwold": 3,
        },
        maturity=0.25,
        interest=0.6,
    ),
    TypeProfile(
        type="district",
        nation=Nation.ENGLAND,
        names=("{} District Council", "{} Borough Council"),
        log_population=Spread(11.6, 0.27),
        log_density=Spread(6.2, 1.1),
        deprivation=Spread(16.7, 6.4),
        rural=Spread(0.29, 0.24),
        regions={
            "Upper Vale": 29,
            "Saltmarsh Coast": 39,
            "Tidewater": 12,
            "Lower Vale": 51,
            "Oakenshire": 14,
            "Brackenwold": 19,
        },
        maturity=-0.2,
        interest=-0.3,
    ),
    TypeProfile(
        type="unitary authority",
        nation=Nation.ENGLAND,
        names=("{} Council", "{} City Council", "{} Borough Council"),
        log_population=Spread(12.3, 0.55),
        log_density=Spread(6.6, 1.3),
        deprivation=Spread(21.9, 8.0),
        rural=Spread(0.21, 0.23),
        regions={
            "Upper Vale": 6,
            "Saltmarsh Coast": 6,
            "Fellmarch": 7,
            "Tidewater": 8,
            "Lower Vale": 13,
            "Oakenshire": 13,
            "Brackenwold": 4,
            "Holmrigg": 6,
        },
        maturity=0.1,
        interest=0.3,
    ),
    TypeProfile(
        type="metropolitan borough",
        nation=Nation.ENGLAND,
        names=("{} Metropolitan Borough Council", "{} City Council"),
        log_population=Spread(12.6, 0.44),
        log_density=Spread(7.5, 0.54),
        deprivation=Spread(29.9, 6.0),
        rural=Spread(0.04, 0.05),
        regions={"Fellmarch": 5, "Tidewater": 15, "Brackenwold": 7, "Holmrigg": 9},
        maturity=0.3,
        interest=0.5,
    ),
    TypeProfile(
        type="London borough",
        nation=Nation.ENGLAND,
        names=("Aldhaven Borough of {}",),
        log_population=Spread(12.5, 0.23),
        log_density=Spread(8.8, 0.56),
        deprivation=Spread(21.5, 6.0),
        rural=Spread(0.0, 0.0),
        regions={"Aldhaven": 33},
        maturity=0.3,
        interest=0.2,
    ),
    TypeProfile(
        type="combined authority",
        nation=Nation.ENGLAND,
        names=("{} Combined Authority",),
        log_population=Spread(14.1, 0.5),
        log_density=Spread(6.6, 1.0),
        deprivation=Spread(26.7, 6.1),
        rural=Spread(0.15, 0.14),
        regions={
            "Upper Vale": 1,
            "Saltmarsh Coast": 1,
            "Aldhaven": 1,
            "Fellmarch": 3,
            "Tidewater": 2,
            "Oakenshire": 1,
            "Brackenwold": 1,
            "Holmrigg": 5,
        },
        maturity=0.35,
        interest=0.0,
    ),
    TypeProfile(
        type="Scottish council",
        nation=Nation.SCOTLAND,
        names=("{} Council",),
        log_population=Spread(11.8, 0.75),
        log_density=Spread(5.0, 1.7),
        deprivation=Spread(19.2, 5.8),
        rural=Spread(0.41, 0.32),
        regions={"Strathorran": 32},
        maturity=0.2,
        interest=0.1,
    ),
    TypeProfile(
        type="Welsh council",
        nation=Nation.WALES,
        names=("{} County Borough Council", "{} County Council"),
        log_population=Spread(11.8, 0.45),
        log_density=Spread(5.5, 1.2),
        deprivation=Spread(22.5, 4.5),
        rural=Spread(0.36, 0.28),
        regions={"Glyn Arel": 22},
        maturity=0.15,
        interest=0.4,
    ),
    TypeProfile(
        type="Northern Irish district",
        nation=Nation.NORTHERN_IRELAND,
        names=("{} District Council",),
        log_population=Spread(12.0, 0.29),
        log_density=Spread(5.1, 1.1),
        deprivation=Spread(44.0, 9.5),
        rural=Spread(0.50, 0.24),
        regions={"Lough Arrin": 11},
        maturity=-0.15,
        interest=-0.4,
    ),
)

# A place's name is a first syllable and a second; each nation has its own, so none comes twice.
SYLLABLES = {
    Nation.ENGLAND: (
        "Bramble Brack Cinder Crane Elm Ember Fallow Gorse Grey Hazel Heron Holly Kestrel Lark "
        "Linden Marl Otter Raven Rowan Silver Sorrel Tarn Teasel Thistle Whin Willow Wren Yarrow",
        "beck combe croft dene fleet garth haven holt march mere moor stow thwaite wick wold",
    ),
    Nation.SCOTLAND: (
        "Ard Auchter Dun Glen Inver Kil Loch Strath",
        "dourie feddan karrow lossan marrick orran tirran vennan",
    ),
    Nation.WALES: (
        "Aber Bryn Caer Llan Pen Pont Tre",
        "arel celwyn dorwyn gwelan iorwen myrin tegwyn",
    ),
    Nation.NORTHERN_IRELAND: (
        "Bally Carrick Done Drum Lis",
        "arrin fennel tollick vallen varren",
    ),
}
FIRST_PLACE = "Northmere"
