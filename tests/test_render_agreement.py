"""Dates, headcounts and targets agree wherever they stand, in documents and in other forms."""

import json
import re
from datetime import date
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from kits import documents, dossier, text_of

from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms.calendar import calendar
from rse_plan.documents.kit.forms.project import project
from rse_plan.documents.kit.forms.workbook import workbook
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.rendering import rendered
from rse_plan.language import NO_BREAK, languages

MSPDI = "{http://schemas.microsoft.com/project}"


def text(code: str, name: str, subject: str | None = None) -> str:
    """Return the text of a document, its lines as a reader sees them, and plain spaces."""
    one = next(
        one
        for one in documents(code)
        if one.template.id == name and (subject is None or one.stem.endswith(f"/{subject}"))
    )
    return text_of(rendered(one, dossier(code))).replace(NO_BREAK, " ")


def lines(*asked: str) -> list[str]:
    """Return the lines of a document, each cell of a table one of its own."""
    return [line for line in text(*asked).splitlines() if line]


def in_workbook(found: Dossier) -> dict[str, tuple[Any, ...]]:
    pytest.importorskip("xlsxwriter")
    book = pytest.importorskip("openpyxl").load_workbook(BytesIO(workbook(found, Look())))
    return {
        str(row[0]): row
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=5, values_only=True)
        if row[0]
    }


def in_calendar(found: Dossier) -> dict[str, date]:
    pytest.importorskip("icalendar")
    read = pytest.importorskip("vobject").readOne(calendar(found).decode())
    return {one.uid.value.split("@")[0]: one.dtstart.value for one in read.vevent_list}


def in_project(found: Dossier) -> dict[str, date]:
    days = {}
    for task in ET.fromstring(project(found)).iter(f"{MSPDI}Task"):  # noqa: S314 - written by us
        extended = task.find(f"{MSPDI}ExtendedAttribute/{MSPDI}Value")
        start = task.find(f"{MSPDI}Start")
        if extended is not None and extended.text and start is not None and start.text:
            days[extended.text] = date.fromisoformat(start.text[:10])
    return days


@pytest.mark.parametrize("code", languages())
def test_openings_agree(code: str) -> None:
    found = dossier(code)
    book, days, project_days = in_workbook(found), in_calendar(found), in_project(found)
    waves = text(code, "wave-support-switch-off-plan")
    for site in found.plan.sites:
        day = found.launch(site)
        assert day
        (name,) = (one.task.id for one in found.tasks(site=site) if one.task.launches)
        assert book[name][6].date() == days[f"{site.id}.launch"] == project_days[name] == day
        assert str(found.day(day)) in text(code, "site-kit", site.id)
        assert f"{site.name}, {found.in_figures(day)}" in waves


@pytest.mark.parametrize("code", languages())
def test_gates_agree(code: str) -> None:
    found = dossier(code)
    book, days, project_days = in_workbook(found), in_calendar(found), in_project(found)
    note = lines(code, "framing-note")
    for gate in found.plan.gates:
        day = gate.decided_on or gate.date
        assert book[gate.id][6].date() == days[gate.id] == project_days[gate.id] == day
        place = note.index(gate.name)
        assert note[place + 1] == found.in_figures(day)


@pytest.mark.parametrize("code", languages())
def test_headcounts_agree(code: str) -> None:
    found = dossier(code)
    total = str(found.count("people", found.headcount or 0))
    assert total in text(code, "framing-note")
    for site in found.plan.sites:
        assert site.headcount is not None
        assert site.ambassadors
        kit = lines(code, "site-kit", site.id)
        assert str(found.number(site.headcount)) in kit
        assert str(found.number(site.ambassadors.target)) in kit
    assert sum(site.headcount or 0 for site in found.plan.sites) == found.headcount
    for wave in found.plan.waves:
        inside = [site for site in found.plan.sites if site.id in wave.sites]
        assert wave.headcount == sum(site.headcount or 0 for site in inside)


@pytest.mark.parametrize("code", languages())
def test_targets_agree(code: str) -> None:
    found = dossier(code)
    book, board = in_workbook(found), lines(code, "kpi-dashboard")
    seen = 0
    for kpi in found.plan.kpis:
        row = book[kpi.name]
        assert kpi.target in row or kpi.target is None
        if kpi.target is not None:
            place = board.index(kpi.name)
            assert any(
                str(found.measured(kpi.target, kpi.unit)).replace(NO_BREAK, " ") in one
                for one in board[place : place + 4]
            )
            seen += 1
    assert seen


def test_both_languages_have_the_same_figures() -> None:
    first, *others = languages()
    said = json.dumps(facts(dossier(first)))
    for code in others:
        assert json.dumps(facts(dossier(code))) == said


def facts(found: Dossier) -> list[object]:
    """List the figures of a plan, without its words."""
    plan = found.plan
    return [
        *[(name, str(span.start), str(span.end)) for name, span in found.spans.items()],
        *[(site.id, site.headcount) for site in plan.sites],
        *[(kpi.id, kpi.baseline, kpi.target) for kpi in plan.kpis],
        *[(gate.id, str(gate.date)) for gate in plan.gates],
        re.sub(r"[a-z]+", "", str(plan.forecast)),
    ]
