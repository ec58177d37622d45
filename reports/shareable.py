"""The version of a report that may be published or released."""

from dataclasses import replace

from assessment.core.authorities import GroupKind
from reports.data import ReportData
from reports.parts import PrincipleData


def make_shareable(report: ReportData) -> ReportData:
    """Leave out of a report what is for the authority only.

    Parameters
    ----------
    report : the data of one report.

    Returns
    -------
    The same without what people wrote or planned, without what each of them answered, without
    the annex of answers, and without the nearest neighbours: their figures were checked for this
    reader alone, and published beside others' they could tell on single authorities.
    """
    return replace(
        report,
        principles=tuple(_leave_out(principle) for principle in report.principles),
        neighbours=None,
        taken_part=(),
        plan=(),
        is_shareable=True,
    )


def _leave_out(principle: PrincipleData) -> PrincipleData:
    """Leave out what people wrote, and the neighbours' figures."""
    return replace(
        principle,
        questions=tuple(
            replace(q, reason="", note="", evidence=(), given=(), apart=0)
            for q in principle.questions
        ),
        groups=tuple(p for p in principle.groups if p.group.kind is not GroupKind.NEIGHBOURS),
    )
