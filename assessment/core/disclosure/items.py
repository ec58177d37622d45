"""Item statistics as they may be published."""

import pandas as pd

from assessment.core.questionnaire.questionnaire import Questionnaire
from assessment.core.statistics.change import count_moved
from assessment.core.statistics.item_analysis import (
    MIN_FOR_ITEMS,
    flag_question,
    summarise_questions,
    summarise_reliability,
)
from assessment.core.statistics.publication import (
    MIN_FOR_CENTRE,
    ItemStatistics,
    ItemStatisticsDraft,
)


def publish_items(draft: ItemStatisticsDraft) -> ItemStatistics:
    """Publish how the questions of an edition do.

    Parameters
    ----------
    draft : of an edition whose figures are protected already.

    Returns
    -------
    One row a question and one a principle. Where fewer than MIN_FOR_CENTRE authorities have
    moved since they were last worked out they stay as they were, for no audit covers
    coefficients.
    """
    edition = draft.edition
    if draft.shown is not None:
        base = int(draft.shown.reliability["base"].iloc[0])
        then = next(before for before in draft.earlier if before.number == base)
        if count_moved(edition.answer_codes, then.answer_codes) < MIN_FOR_CENTRE:
            return draft.shown
    measured = summarise_questions(edition.questionnaire, edition.answer_codes, draft.seconds)
    reliability = summarise_reliability(edition.questionnaire, edition.answer_codes).round(2)
    return ItemStatistics(
        questions=publish_questions(edition.questionnaire, measured, edition.figures),
        reliability=reliability.assign(base=edition.number),
    )


def publish_questions(
    questionnaire: Questionnaire, questions: pd.DataFrame, figures: pd.DataFrame
) -> pd.DataFrame:
    """Say how each question does, in figures that may be published.

    Parameters
    ----------
    questionnaire : the version answered.
    questions : one row per question, as `summarise_questions` gives them.
    figures : one row per group and item of the edition, as published.

    Returns
    -------
    The same rows; ``n`` and percents are those that the edition shows of all authorities (NaN
    where withheld), the correlation is rounded to 0.01 and the median time to whole seconds,
    NaN of fewer than 10; the flags go by what is left.
    """
    everybody = figures[(figures["group_kind"] == "all") & (figures["measure"] == "question")]
    shown = everybody.set_index("item_id").reindex(questions["question_id"])
    numbers = [level.number for level in questionnaire.levels]
    columns = {"n": "n", "percent_dont_know": "percent_dont_know"}
    columns |= {"percent_does_not_apply": "percent_does_not_apply"}
    columns |= {"percent_floor": f"percent_{min(numbers)}"}
    columns |= {"percent_ceiling": f"percent_{max(numbers)}"}
    public = questions.assign(**{name: shown[at].to_numpy() for name, at in columns.items()})
    timed = public["seconds_n"] >= MIN_FOR_ITEMS
    public["median_seconds"] = public["median_seconds"].where(timed).round()
    public["item_total"] = public["item_total"].round(2)
    return public.assign(flags=[flag_question(row) for _, row in public.iterrows()])
