"""The links at the top of each page, by role."""

from flask import url_for

from assessment.core.people.memberships import PROGRAMME_ROLES, Membership


def build_navigation(membership: Membership | None, path: str) -> list[dict[str, object]]:
    """Return the navigation of a person: text, address and whether it is where they are."""
    if membership is None:
        return []
    if membership.role in PROGRAMME_ROLES:
        links = [
            ("Participation", url_for("programme.participation")),
            ("Benchmarks", url_for("programme.benchmark")),
            ("Questions", url_for("programme.question_statistics")),
            ("National report", url_for("programme.national_report")),
            ("Background work", url_for("programme.work")),
        ]
    else:
        links = [
            ("Self-assessment", url_for("answering.tasks")),
            ("Results and reports", url_for("reporting.results")),
            ("Improvement plan", url_for("planning.plan")),
            ("Activity", url_for("answering.activity")),
        ]
    here = max((href for _, href in links if path.startswith(href)), key=len, default="")
    return [{"text": text, "href": href, "current": href == here} for text, href in links]
