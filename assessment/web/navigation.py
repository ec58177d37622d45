"""The links at the top of each page, by role."""

from flask import url_for

from assessment.core.people.memberships import PROGRAMME_ROLES, Membership
from assessment.locale import gettext


def build_navigation(membership: Membership | None, path: str) -> list[dict[str, object]]:
    """Return the navigation of a person: text, address and whether it is where they are."""
    if membership is None:
        return []
    if membership.role in PROGRAMME_ROLES:
        links = [
            (gettext("Participation"), url_for("programme.participation")),
            (gettext("Benchmarks"), url_for("programme.benchmark")),
            (gettext("Questions"), url_for("programme.question_statistics")),
            (gettext("National report"), url_for("programme.national_report")),
            (gettext("Background work"), url_for("programme.work")),
        ]
    else:
        links = [
            (gettext("Self-assessment"), url_for("answering.tasks")),
            (gettext("Results and reports"), url_for("reporting.results")),
            (gettext("Improvement plan"), url_for("planning.plan")),
            (gettext("Activity"), url_for("answering.activity")),
        ]
    here = max((href for _, href in links if path.startswith(href)), key=len, default="")
    return [{"text": text, "href": href, "current": href == here} for text, href in links]
