"""An edition as an accessible spreadsheet, by the Analysis Function's library."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import NamedTuple

import pandas as pd

from assessment.core.answers.rounds import Edition
from assessment.core.people.groups import FIXED_KINDS, GroupKind
from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.published_figures import Figure
from assessment.locale import ENGLISH, speak
from reports.formats import capitalise
from reports.open_data.rows import write_row
from reports.words import cite_edition

WITHHELD = "[c]"
NOT_APPLICABLE = "[z]"
NOT_AVAILABLE = "[x]"
LEGEND = (
    "[c] means withheld: it could tell what single authorities answered. A column says why.",
    "[z] means that the figure does not apply to this row.",
    "[x] means that there is no figure that could be relied on. A column says why.",
)
SIMULATED = "Simulated data of a fictional country."


class Sheet(NamedTuple):
    """The worksheet of a kind of group, and the title of its table."""

    name: str
    title: str


SHEETS = {
    GroupKind.ALL: Sheet("All", "Benchmark of all authorities"),
    GroupKind.NATION: Sheet("Nations", "Benchmark by nation"),
    GroupKind.REGION: Sheet("Regions", "Benchmark by region"),
    GroupKind.TYPE: Sheet("Types", "Benchmark by type of authority"),
    GroupKind.BAND: Sheet("Population bands", "Benchmark by population band"),
    GroupKind.RURALITY: Sheet("Urban and rural", "Benchmark by urban and rural class"),
}
COUNTS = ("submitted", "of_n", "n")
CENTRES = ("mean", "median")
CHANGES = {"change": "Change since last round", "change_n": "With a value in both rounds"}
WEIGHTED = "Mean weighted by type"
WEIGHTING = "About the weighted mean"
# Texts stay texts: a title that begins with = is no formula, one that begins with a scheme no link.
WORKBOOK_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@speak(ENGLISH)
def render_spreadsheet(
    edition: Edition,
    questionnaire: Questionnaire,
    figures: Sequence[Figure],
    *,
    simulated: bool,
) -> bytes:
    """Render the published figures of an edition as a workbook.

    Parameters
    ----------
    edition : what the figures are cited by.
    questionnaire : the version answered.
    figures : as published, of every group and item.
    simulated : whether the data are invented, which the cover says.

    Returns
    -------
    An .xlsx file: cover, contents, notes and one table for each kind of group that the edition
    has, without merged cells; ``[c]`` stands for what is withheld. The same edition always gives
    the same bytes.

    Notes
    -----
    Follows the Analysis Function's guidance on releasing statistics in spreadsheets.
    """
    from gptables import Cover, GPTable, produce_workbook  # noqa: PLC0415 (it is slow to import)

    # An edition cut before a kind was added has no groups of it, and a table may not be empty.
    by_kind = {kind: [f for f in figures if f.key.group_kind is kind] for kind in FIXED_KINDS}
    tables = {
        SHEETS[kind].name: GPTable(
            table=_lay_out(questionnaire, pd.DataFrame(map(write_row, of_kind))),
            table_name=f"figures_by_{kind.value}",
            title=SHEETS[kind].title,
            scope=f"Submitted assessments that may be counted. {cite_edition(edition)}.",
            table_notes={
                "Item": "$$scores$$",
                "With a value": "$$withheld$$",
                "Mean": "$$rounding$$",
                CHANGES["change"]: "$$change$$",
                WEIGHTED: "$$weighted$$",
            },
            source=f"{questionnaire.title}, questionnaire {edition.questionnaire_version}",
            legend=list(LEGEND),
        )
        for kind, of_kind in by_kind.items()
        if of_kind
    }
    about = [
        f"Questionnaire {edition.questionnaire_version}, register {edition.register_version}, "
        f"method {edition.method_version}.",
        f"Content hash {edition.content_hash}.",
        *LEGEND,
    ]
    cover = Cover(
        title=f"{questionnaire.title}: benchmark",
        intro=[cite_edition(edition) + ".", *([SIMULATED] if simulated else [])],
        about=about,
    )
    file = io.BytesIO()
    book = produce_workbook(
        file, tables, cover=cover, notes_table=_notes(), workbook_options=WORKBOOK_OPTIONS
    )
    book.set_properties({"created": datetime.combine(edition.cut_on, time(), UTC)})
    book.close()
    return file.getvalue()


def _lay_out(questionnaire: Questionnaire, figures: pd.DataFrame) -> pd.DataFrame:
    """Return rows as one table as it is printed, its columns named in words."""
    names = {p.id: p.name for p in questionnaire.principles}
    names |= {q.id: f"{q.id} {q.title}" for q in questionnaire.questions}
    shares = [str(name) for name in figures if str(name).startswith("percent_")]
    laid_out = pd.DataFrame(
        {
            "Group": figures["group_name"].map(capitalise),
            "Measure": figures["measure"].str.capitalize(),
            "Item": figures["item_id"].map(names).fillna("Overall"),
        }
    )
    words = {"submitted": "Submitted", "of_n": "Authorities in group", "n": "With a value"}
    words |= {"mean": "Mean", "median": "Median", "q1": "Lower quartile", "q3": "Upper quartile"}
    words |= {share: _share_in_words(questionnaire, share) for share in shares}
    for column in (*COUNTS, *CENTRES, "q1", "q3", *shares):
        # n is withheld with the mean, for "0 have a level" can disclose an answer (decision 18);
        # the other counts are public.
        why = "withheld_centre" if column in ("n", *CENTRES) else "withheld_spread"
        withheld = (figures[why] != "") & (column not in ("submitted", "of_n"))
        laid_out[words[column]] = _mark(figures[column], withheld)
    reasons = figures["withheld_centre"].where(
        figures["withheld_centre"] != "", figures["withheld_spread"]
    )
    laid_out["Why withheld"] = reasons.where(reasons != "", NOT_APPLICABLE)
    change_withheld = figures["withheld_change"] != ""
    for column, title in CHANGES.items():
        laid_out[title] = _mark(figures[column], change_withheld)
    laid_out["Why change withheld"] = figures["withheld_change"].where(
        change_withheld, NOT_APPLICABLE
    )
    weighted, note = figures["mean_weighted_by_type"].astype(object), figures["weighting_note"]
    none_given = note.where(note == "", NOT_AVAILABLE).replace("", NOT_APPLICABLE)
    laid_out[WEIGHTED] = weighted.where(weighted.notna(), none_given)
    laid_out[WEIGHTING] = note.where(note != "", NOT_APPLICABLE)
    return laid_out.reset_index(drop=True)


def _mark(values: pd.Series, withheld: pd.Series) -> pd.Series:
    """Put a mark in place of each value that is withheld, or that there is none of."""
    marked = values.astype(object).where(~withheld, WITHHELD)
    return marked.where(marked.notna(), NOT_APPLICABLE)


def _share_in_words(questionnaire: Questionnaire, column: str) -> str:
    """Name a column of percents in words."""
    what = column.removeprefix("percent_")
    names = {str(level.number): level.name for level in questionnaire.levels}
    if what in names:
        return f"Percent at level {what}, {names[what]}"
    if what.startswith("at_least_"):
        return f"Percent at level {what.removeprefix('at_least_')} or above"
    return {"dont_know": "Percent who don't know", "does_not_apply": "Percent not applicable"}[what]


def _notes() -> pd.DataFrame:
    """Return the notes on how the figures are made."""
    notes = {
        "scores": "A principle's score is the mean of its levels; it is given if at least two "
        "thirds of its applicable questions have a level. Don't know and Does not apply are left "
        "out.",
        "withheld": "Mean and median are shown from 5 authorities, quartiles and percents from "
        "10. Others are hidden where they would let a withheld figure be worked out.",
        "change": "The mean of the level or score now less that in the round before, of the "
        "authorities that have one in both. Questions: for all authorities together only.",
        "weighted": "The mean as if each type of authority had answered alike: means of the types, "
        "weighted by their authorities in the register. For all authorities together only. The "
        "mean of all stands in for a type whose mean is withheld, and a column says for how many; "
        "where such types hold more than a fifth of the authorities none is given.",
        "rounding": "Scores are rounded to 0.1 and percents to whole numbers, half up; percentages "
        "may not add to 100 because each is rounded. Quartiles interpolate linearly.",
    }
    return pd.DataFrame(notes.items(), columns=["Note reference", "Note text"])
