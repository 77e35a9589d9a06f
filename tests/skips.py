"""Fails when a test was skipped for a reason that `allowed_skips.txt` doesn't name."""

import sys
from pathlib import Path
from xml.etree import ElementTree

ALLOWED = Path(__file__).with_name("allowed_skips.txt")


def main(reports: list[str]) -> int:
    allowed = [line for line in ALLOWED.read_text().splitlines() if line and line[0] != "#"]
    refused = [
        (name, reason)
        for report in reports
        for name, reason in _skipped(Path(report))
        if not any(known in reason for known in allowed)
    ]
    for name, reason in refused:
        sys.stderr.write(f"skipped without leave: {name}: {reason}\n")
    return 1 if refused else 0


def _skipped(report: Path) -> list[tuple[str, str]]:
    cases = ElementTree.parse(report).iter("testcase")
    return [
        (f"{case.get('classname')}.{case.get('name')}", skip.get("message") or "")
        for case in cases
        for skip in case.iter("skipped")
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
