"""The plan as a workbook: its tasks along the weeks, its measures, its budget, its risks.

The bars are a conditional format: they follow the dates that somebody changes. A text is never a
formula or a link, whatever it begins with; one that no cell can hold goes on in the cells below.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any

from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.look import Look
from rse_plan.plan.model import Placed

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | float | date | None

# What a cell of a spreadsheet can hold.
_LONGEST = 32_767
_HEAD = 3
_A3 = 8
_WEEK_WIDTH = 1.6
_WRAPPED = ("text", "head", "input")
# The height of a line, and how many a row shows at most, which spreadsheets do not work out.
_LINE, _MOST_LINES = 15, 20
_INPUT = "#FFF7D6"


@dataclass(frozen=True)
class Column:
    """A column: its head, its width in characters, and what its cells hold."""

    name: str
    width: int
    kind: str = "text"


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, its columns and its rows."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def workbook(dossier: Dossier, look: Look) -> bytes:
    """Write the workbook in the colours of a look; raise ModuleNotFoundError without XlsxWriter."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - optional, and slow to import

    found = BytesIO()
    book = Workbook(found, {"in_memory": True})
    made = datetime.combine(dossier.plan.made_from.organisation_as_of, time())
    book.set_properties({"title": dossier.say("kit.workbook.title"), "created": made})
    writer = _Writer(dossier, look, book)
    tasks = _tasks(dossier)
    writer.draw_weeks(writer.sheet(tasks), tasks)
    writer.sheet(_kpis(dossier))
    if dossier.plan.budget:
        writer.add_totals(writer.sheet(_budget(dossier)), len(dossier.plan.budget.lines))
    writer.sheet(_risks(dossier))
    writer.sheet(_decisions(dossier))
    book.close()
    return found.getvalue()


def _columns(dossier: Dossier, *columns: tuple[str, int, str]) -> list[Column]:
    return [
        Column(dossier.say(f"kit.workbook.columns.{name}"), width, kind)
        for name, width, kind in columns
    ]


def _tasks(dossier: Dossier) -> Sheet:
    columns = _columns(
        dossier, ("id", 36, "line"), ("phase", 24, "line"), ("site", 24, "line"),
        ("task", 60, "line"), ("who", 30, "line"), ("status", 11, "line"),
        ("start", 11, "date"), ("end", 11, "date"), ("effort", 9, "number"),
    )  # fmt: skip
    rows = [*_task_rows(dossier)]
    return Sheet(dossier.say("kit.workbook.sheets.tasks"), columns, rows)


def _task_rows(dossier: Dossier) -> Iterator[list[Cell]]:
    """Give the tasks phase by phase, each phase closed by its gate."""
    for phase in dossier.plan.phases:
        for one in dossier.tasks(phase=phase.id):
            yield _task_row(one, phase.name, dossier)
        if gate := phase.gate:
            day = gate.decided_on or gate.date
            who = dossier.who(gate.role, gate.owner)
            status = dossier.choice("Gate.decision", gate.decision)
            yield [gate.id, phase.name, None, f"◆ {gate.name}", who, status, day, day, None]


def _task_row(one: Placed, phase: str, dossier: Dossier) -> list[Cell]:
    task, span = one.task, dossier.spans.get(one.task.id)
    return [
        task.id, phase, one.site.name if one.site else None, task.title,
        dossier.who(task.role, task.owner), dossier.choice("Status", task.status),
        span.start if span else None, span.end if span else None, task.effort_days,
    ]  # fmt: skip


def _kpis(dossier: Dossier) -> Sheet:
    columns = _columns(
        dossier, ("kpi", 32, "text"), ("numerator", 36, "text"), ("denominator", 26, "text"),
        ("source", 26, "text"), ("frequency", 16, "text"), ("unit", 10, "text"),
        ("baseline", 10, "number"), ("target", 10, "number"), ("result", 10, "input"),
        ("who", 22, "text"),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            kpi.name, kpi.numerator, kpi.denominator, kpi.source,
            dossier.choice("Frequency", kpi.frequency), kpi.unit, kpi.baseline, kpi.target,
            None, kpi.owner,
        ]
        for kpi in dossier.plan.kpis
    ]  # fmt: skip
    return Sheet(dossier.say("kit.workbook.sheets.kpis"), columns, rows)


def _budget(dossier: Dossier) -> Sheet:
    columns = _columns(
        dossier, ("line", 36, "text"), ("quantity", 11, "number"), ("quantity_of", 26, "text"),
        ("unit_cost", 14, "input"), ("total", 16, "number"), ("hypothesis", 60, "text"),
    )  # fmt: skip
    budget = dossier.plan.budget
    rows: list[list[Cell]] = [
        [
            line.name, line.quantity, dossier.choice("Quantity", line.unit), line.unit_cost, None,
            line.hypothesis,
        ]
        for line in (budget.lines if budget else ())
    ]  # fmt: skip
    return Sheet(dossier.say("kit.workbook.sheets.budget"), columns, rows)


def _risks(dossier: Dossier) -> Sheet:
    columns = _columns(
        dossier, ("risk", 32, "text"), ("probability", 12, "text"), ("impact", 12, "text"),
        ("who", 22, "text"), ("trigger", 44, "text"), ("response", 44, "text"),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [
            risk.name, dossier.choice("Grade", risk.probability),
            dossier.choice("Grade", risk.impact), dossier.role(risk.owner), risk.trigger,
            risk.response,
        ]
        for risk in dossier.plan.risks
    ]  # fmt: skip
    return Sheet(dossier.say("kit.workbook.sheets.risks"), columns, rows)


def _decisions(dossier: Dossier) -> Sheet:
    columns = _columns(
        dossier, ("question", 60, "text"), ("who", 24, "text"), ("due", 12, "date"),
        ("choice", 30, "input"), ("decided_on", 12, "date"), ("why", 60, "text"),
    )  # fmt: skip
    rows: list[list[Cell]] = [
        [one.question, dossier.role(one.role), one.due, one.choice, one.decided_on, one.why]
        for one in dossier.plan.decisions
    ]
    return Sheet(dossier.say("kit.workbook.sheets.decisions"), columns, rows)


@dataclass
class _Writer:
    """A workbook that grows, and its formats."""

    dossier: Dossier
    look: Look
    book: "Workbook"
    formats: dict[str, "Format"] = field(default_factory=dict)

    def format(self, kind: str) -> "Format":
        """Return the format of a kind of cell, made once."""
        if kind not in self.formats:
            day = self.dossier.say("kit.workbook.day")
            accent, shade = self.look.accent, self.look.shade
            kinds: dict[str, dict[str, Any]] = {
                "title": {"bold": True, "font_size": 14, "font_color": accent},
                "head": {"bold": True, "bg_color": shade, "bottom": 2, "bottom_color": accent},
                "week": {"rotation": 90, "num_format": day, "font_size": 8, "bg_color": shade},
                "text": {},
                "line": {},
                "number": {"num_format": "#,##0.##"},
                "date": {"num_format": day, "align": "right"},
                "input": {"bg_color": _INPUT, "num_format": "#,##0.##"},
                "total": {"bold": True, "top": 1, "num_format": "#,##0"},
                "bar": {"bg_color": accent, "font_color": accent},
            }
            shared = {"valign": "top", "text_wrap": kind in _WRAPPED}
            self.formats[kind] = self.book.add_format(shared | kinds[kind])
        return self.formats[kind]

    def sheet(self, sheet: Sheet) -> "Worksheet":
        """Write one sheet, its head kept in sight."""
        found = self.book.add_worksheet(sheet.name)
        found.write_string(0, 0, self.dossier.plan.organisation, self.format("title"))
        for number, column in enumerate(sheet.columns):
            found.set_column(number, number, column.width)
            found.write_string(_HEAD, number, column.name, self.format("head"))
        row = _HEAD + 1
        for cells in sheet.rows:
            row += self.row(found, row, cells, sheet.columns)
        found.freeze_panes(_HEAD + 1, 1)
        found.autofilter(_HEAD, 0, max(row - 1, _HEAD), len(sheet.columns) - 1)
        found.set_landscape()
        found.set_paper(_A3)
        found.fit_to_pages(1, 0)
        found.repeat_rows(_HEAD)
        return found

    def row(
        self, sheet: "Worksheet", row: int, cells: Sequence[Cell], columns: Sequence[Column]
    ) -> int:
        """Write the cells of a row; return how many rows their longest text takes."""
        taken, lines = 1, 1
        for number, (cell, column) in enumerate(zip(cells, columns, strict=True)):
            look = self.format(column.kind)
            if column.kind in _WRAPPED:
                lines = max(lines, ceil(len(str(cell or "")) / column.width))
            if isinstance(cell, date):
                sheet.write_datetime(row, number, datetime.combine(cell, time()), look)
            elif isinstance(cell, str):
                parts = [cell[at : at + _LONGEST] for at in range(0, len(cell), _LONGEST)]
                for below, part in enumerate(parts):
                    sheet.write_string(row + below, number, part, look)
                taken = max(taken, len(parts))
            elif cell is None:
                sheet.write_blank(row, number, None, look)
            else:
                sheet.write_number(row, number, cell, look)
        sheet.set_row(row, _LINE * min(lines, _MOST_LINES))
        return taken

    def draw_weeks(self, sheet: "Worksheet", tasks: Sheet) -> None:
        """Add a column for each week, coloured where the dates of a task touch it."""
        span, first = self.dossier.span, len(tasks.columns)
        monday = span.start - timedelta(days=span.start.weekday())
        weeks = (span.end - monday).days // 7 + 1
        for week in range(weeks):
            day = datetime.combine(monday + timedelta(weeks=week), time())
            sheet.write_datetime(_HEAD, first + week, day, self.format("week"))
        sheet.set_row(_HEAD, _LINE * 4)
        sheet.set_column(first, first + weeks - 1, _WEEK_WIDTH)
        start, end = "$G", "$H"
        top, column = _HEAD + 2, _name(first)
        sheet.conditional_format(
            _HEAD + 1, first, _HEAD + max(len(tasks.rows), 1), first + weeks - 1,
            {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({start}{top}),{start}{top}<={column}${top - 1}+6,"
                f"{end}{top}>={column}${top - 1})",
                "format": self.format("bar"),
            },
        )  # fmt: skip

    def add_totals(self, sheet: "Worksheet", lines: int) -> None:
        """Multiply quantities by unit costs, and add up what is known."""
        first, last = _HEAD + 2, _HEAD + 1 + lines
        for row in range(first, last + 1):
            sheet.write_formula(
                row - 1,
                4,
                f'=IF(OR(B{row}="",D{row}=""),"",B{row}*D{row})',
                self.format("number"),
                "",
            )
        sheet.write_string(last, 0, self.dossier.say("kit.workbook.sum"), self.format("total"))
        sheet.write_formula(
            last, 4, f'=IF(COUNT(E{first}:E{last})<{lines},"",SUM(E{first}:E{last}))',
            self.format("total"), "",
        )  # fmt: skip


def _name(column: int) -> str:
    """Name a column as a spreadsheet does: A to Z, then AA."""
    from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 - optional

    return str(xl_col_to_name(column))
