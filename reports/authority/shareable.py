"""The version of a report that may be published or released."""

from dataclasses import replace

from assessment.core.people.groups import GroupKind
from reports.authority.data import ReportData
from reports.authority.parts import PrincipleData
from reports.authority.priorities import choose_focus


def make_shareable(report: ReportData) -> ReportData:
    """Leave out of a report what is for the authority only.

    Parameters
    ----------
    report : the data of one report.

    Returns
    -------
    The same without what people wrote, planned or aim at, without what each of them answered,
    without what the authority says holds it back or would help it, without the annex of answers,
    and without the nearest neighbours: their figures were checked for this reader alone, and
    published beside others' they could disclose single authorities' answers. Priorities are
    chosen again, as if all had answered alike and nothing were aimed at, so that they disclose
    neither who did not, nor the targets.
    """
    principles = tuple(_leave_out(principle) for principle in report.principles)
    shared = replace(
        report,
        principles=principles,
        neighbours=None,
        groups=tuple(g for g in report.groups if g.kind is not GroupKind.NEIGHBOURS),
        taken_part=(),
        barriers=(),
        support=(),
        plan=(),
        is_shareable=True,
    )
    return replace(shared, focus=choose_focus(shared.questions, shared.levels))


def _leave_out(principle: PrincipleData) -> PrincipleData:
    """Leave out what people wrote, answered and aim at, and the neighbours' figures."""
    fixed = (p for p in principle.groups if p.figure.key.group_kind is not GroupKind.NEIGHBOURS)
    return replace(
        principle,
        score=replace(principle.score, target=None),
        questions=tuple(
            replace(
                question,
                reason="",
                note="",
                evidence=(),
                given=(),
                apart=0,
                target=None,
            )
            for question in principle.questions
        ),
        groups=tuple(fixed),
    )
