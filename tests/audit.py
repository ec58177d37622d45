"""Looks for known vulnerabilities in what is installed: python -m tests.audit.

One that is found fails. What cannot be looked up is said to be NOT AUDITED, and fails where
``--strict`` is given: a skip is not a pass.
"""

import json
import subprocess
import sys
from dataclasses import dataclass

FILES = ("requirements.txt", "assessment/demonstration/requirements.txt")


@dataclass(frozen=True)
class Findings:
    """Each vulnerability by package, and which packages could not be looked up."""

    vulnerable: tuple[str, ...]
    not_audited: tuple[str, ...]
    audited: int


def read_findings(report: str) -> Findings:
    """Read pip-audit's report; a report that is none has audited nothing."""
    try:
        packages = json.loads(report)["dependencies"]
    except ValueError:
        return Findings((), ("every package",), 0)
    vulnerable = [
        f"{package['name']} {package['version']}: {found['id']}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    return Findings(tuple(vulnerable), tuple(skipped), len(packages) - len(skipped))


def main(arguments: list[str]) -> int:
    """Audit, say what was found, and return the exit status."""
    files = [word for file in FILES for word in ("-r", file)]
    options = ["--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json"]
    command = [sys.executable, "-m", "pip_audit", *options, *files]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    found = read_findings(done.stdout)
    for line in found.vulnerable:
        print(f"VULNERABLE: {line}")
    if not found.audited:
        print("NOT AUDITED: the advisory database cannot be reached, so nothing was looked up.")
    elif found.not_audited:
        print(f"NOT AUDITED: {', '.join(found.not_audited)}")
    return int(bool(found.vulnerable) or ("--strict" in arguments and bool(found.not_audited)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
