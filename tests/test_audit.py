"""The audit of dependencies, on reports as pip-audit writes them."""

import json

from tests.audit import Findings, read_findings


def test_read_findings_names_each_vulnerability_and_what_was_skipped():
    report = {
        "dependencies": [
            {"name": "flask", "version": "3.1.3", "vulns": []},
            {
                "name": "jinja2",
                "version": "3.1.2",
                "vulns": [{"id": "PYSEC-2024-1"}, {"id": "PYSEC-2024-2"}],
            },
            {"name": "xlrd", "skip_reason": "Dependency not found"},
        ],
        "fixes": [],
    }

    assert read_findings(json.dumps(report)) == Findings(
        vulnerable=("jinja2 3.1.2: PYSEC-2024-1", "jinja2 3.1.2: PYSEC-2024-2"),
        not_audited=("xlrd",),
        audited=2,
    )


def test_read_findings_without_a_report_has_audited_nothing():
    found = read_findings("")

    assert found.audited == 0
    assert found.not_audited
