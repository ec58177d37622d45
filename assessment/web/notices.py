"""What a page of the survey says first: what became of what was just done."""

from collections.abc import Sequence

from assessment.core.answers.assessments import Assessment
from assessment.locale import gettext, ngettext
from reports.words import name_respondent


def say_brought_over(count: int) -> str:
    """Say that so many answers were brought over."""
    return ngettext(
        "%(num)s answer brought over. Check each.",
        "%(num)s answers brought over. Check each.",
        count,
    )


def say_confirmed(count: int) -> str:
    """Say that so many answers were confirmed."""
    return ngettext("%(num)s answer confirmed.", "%(num)s answers confirmed.", count)


def say_changed(question_ids: Sequence[str]) -> str:
    """Say that a colleague changed these answers, so that they were not confirmed."""
    return ngettext(
        "A colleague changed %(ids)s meanwhile. Here it is as it stands now.",
        "A colleague changed %(ids)s meanwhile. Here they are as they stand now.",
        len(question_ids),
        ids=", ".join(question_ids),
    )


def say_cleared(question_id: str, *, is_cleared: bool) -> str:
    """Say that an answer is cleared, or that none was there."""
    if is_cleared:
        return gettext(
            "Your authority’s answer to %(id)s is cleared: it is unanswered.", id=question_id
        )
    return gettext("There is no answer to %(id)s that could be cleared.", id=question_id)


def say_not_cleared(name: str) -> str:
    """Say who changed an answer that somebody meant to clear."""
    return gettext(
        "Not cleared: %(name)s changed this answer meanwhile. Here it is as it stands now.",
        name=name,
    )


def say_submitted(assessment: Assessment) -> str:
    """Say who submitted meanwhile, and with which choices."""
    by = assessment.submitted_by
    name = name_respondent(by) if by else gettext("A colleague")
    if assessment.counted:
        return gettext(
            "%(name)s submitted this assessment before you, and chose for it to be counted in the "
            "benchmarks. What you chose here is not recorded. If it should be otherwise, talk to "
            "each other and then to the programme team.",
            name=name,
        )
    return gettext(
        "%(name)s submitted this assessment before you, and chose for it not to be counted in the "
        "benchmarks. What you chose here is not recorded. If it should be otherwise, talk to each "
        "other and then to the programme team.",
        name=name,
    )
