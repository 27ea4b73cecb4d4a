"""The whole plan as a calendar and as a workbook, read back by other libraries."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from hostile import INSIDE, STARTS, hostile_dossier
from kits import HOSTILE, dossier

from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms.calendar import calendar, entries
from rse_plan.documents.kit.forms.workbook import workbook
from rse_plan.documents.kit.look import Look
from rse_plan.language import languages

WEEK = timedelta(days=6)


@pytest.mark.parametrize("code", languages())
def test_a_calendar_has_the_days_of_the_plan(code: str) -> None:
    icalendar = pytest.importorskip("icalendar")
    vobject = pytest.importorskip("vobject")
    found = dossier(code)
    plan = found.plan.changed(organisation=HOSTILE[3])
    text = calendar(Dossier(plan, found.playbook, found.say)).decode()
    read = vobject.readOne(text)
    assert HOSTILE[3] in read.contents["name"][0].value
    days = {one.uid.value.split("@")[0]: one.dtstart.value for one in read.vevent_list}
    assert len(days) == len(read.vevent_list)
    for gate in plan.gates:
        assert days[gate.id] == gate.date
    for site in plan.sites:
        assert days[f"{site.id}.launch"] == found.launch(site)
    ends = {one.dtend.value - one.dtstart.value for one in read.vevent_list}
    assert ends == {timedelta(days=1)}
    assert icalendar.Calendar.from_ical(text).errors == []
    titles = {one.summary.value for one in read.vevent_list}
    assert {found.say("kit.calendar.gate", title=gate.name) for gate in plan.gates} <= titles


@pytest.mark.parametrize("code", languages())
def test_a_workbook_has_the_tasks_and_dates_of_the_plan(code: str) -> None:
    pytest.importorskip("xlsxwriter")
    found = dossier(code)
    book = opened(workbook(found, Look()))
    tasks = book.worksheets[0]
    rows = {row[0]: row for row in tasks.iter_rows(min_row=5, max_col=9, values_only=True)}
    assert rows.keys() == {*found.placed, *found.gates}
    for name, span in found.spans.items():
        assert (rows[name][6].date(), rows[name][7].date()) == (span.start, span.end)
    weeks = [cell.value for cell in tasks[4][9:]]
    assert {day.weekday() for day in weeks} == {0}
    assert weeks[0].date() <= found.span.start <= found.span.end <= weeks[-1].date() + WEEK
    (rule,) = (one for each in tasks.conditional_formatting for one in each.rules)
    assert rule.formula == ["AND(ISNUMBER($G5),$G5<=J$4+6,$H5>=J$4)"]
    sheets = found.say.table("terms")["kit"]["workbook"]["sheets"]
    assert book.sheetnames == [*sheets.values()]
    assert workbook(found, Look()) == workbook(found, Look())


@pytest.mark.parametrize(
    "hostile", [*HOSTILE, "@SUM(1)", "+1", "-1", "http://x.example", "x" * 40000]
)
def test_no_text_of_a_workbook_is_a_formula_or_a_link(hostile: str) -> None:
    pytest.importorskip("xlsxwriter")
    found = dossier("fr")
    risks = tuple(one.model_copy(update={"name": hostile}) for one in found.plan.risks[:2])
    book = opened(
        workbook(Dossier(found.plan.changed(risks=risks), found.playbook, found.say), Look())
    )
    column = book["Risques"]["A"][4:]
    assert {cell.data_type for cell in column} == {"s"}
    assert [cell.hyperlink for cell in column] == [None] * len(column)
    assert "".join(cell.value for cell in column) == 2 * hostile


def test_totals_wait_for_every_price() -> None:
    pytest.importorskip("xlsxwriter")
    sheet = opened(workbook(dossier("fr"), Look()))["Budget"]
    budget = dossier("fr").plan.budget
    assert budget
    lines = len(budget.lines)
    formulas = [
        row[0] for row in sheet.iter_rows(min_row=5, min_col=5, max_col=5, values_only=True)
    ]
    assert formulas[0] == '=IF(OR(B5="",D5=""),"",B5*D5)'
    assert formulas[-1] == f'=IF(COUNT(E5:E{lines + 4})<{lines},"",SUM(E5:E{lines + 4}))'
    assert len(formulas) == lines + 1


def opened(content: bytes) -> Any:
    """Open a workbook with another library than wrote it."""
    return pytest.importorskip("openpyxl").load_workbook(BytesIO(content))


@pytest.mark.parametrize("start", STARTS)
def test_what_a_person_wrote_is_text_in_the_plan_s_forms(start: str) -> None:
    vobject = pytest.importorskip("vobject")
    pytest.importorskip("icalendar")
    found, text = hostile_dossier(start), f"{start} {INSIDE}"
    events = vobject.readOne(calendar(found).decode()).vevent_list
    names = {one.summary.value for one in events}
    assert {found.say("kit.calendar.launch", title=text)} <= names
    assert len(events) == len([*entries(found)])
    cells = [
        cell
        for sheet in opened(workbook(found, Look())).worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert [cell for cell in cells if cell.hyperlink] == []
    assert {cell.value for cell in cells if cell.data_type == "f"} == {
        cell.value
        for sheet in opened(workbook(dossier("fr"), Look())).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }
    assert any(text in str(cell.value) for cell in cells if cell.data_type == "s")
