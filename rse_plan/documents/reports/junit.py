"""For test reports: JUnit's XML, a suite for each file and a case for each finding."""

from collections.abc import Sequence
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from rse_plan.documents.reports import Report
from rse_plan.documents.reports.concise import place
from rse_plan.files import Diagnostic
from rse_plan.language import printable


def write(report: Report) -> str:
    """Return all suites; a file without a finding is one case that passes."""
    found = {path: list(some) for path, some in groupby(report.diagnostics, lambda one: one.path)}
    suites = Element("testsuites", name="rse-plan")
    for path in sorted({*report.paths, *found}):
        _suite(suites, report, path, found.get(path, []))
    for count in ("tests", "failures"):
        suites.set(count, str(sum(int(suite.get(count, 0)) for suite in suites)))
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _suite(suites: Element, report: Report, path: str, found: Sequence[Diagnostic]) -> None:
    failures = sum(one.severity == "error" for one in found)
    name = printable(path)
    suite = SubElement(
        suites, "testsuite",
        name=name, file=name, tests=str(max(1, len(found))),
        failures=str(failures), errors="0", skipped="0",
    )  # fmt: skip
    if not found:
        SubElement(suite, "testcase", name=name, classname=name)
    for one in found:
        case = SubElement(suite, "testcase", name=f"{place(one)} {one.code}", classname=name)
        text = f"{place(one)} {report.advice(one)}"
        if one.severity == "error":
            SubElement(case, "failure", message=report.say.message(one), type=one.code).text = text
        else:
            SubElement(case, "system-out").text = text
