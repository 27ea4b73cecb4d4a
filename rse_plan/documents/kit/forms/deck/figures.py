"""The figures of a chart as columns of a sheet, and that sheet as the workbook behind the chart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO

from xlsxwriter import Workbook

from rse_plan.documents.kit.forms.deck.slides import line_of
from rse_plan.documents.kit.marks import Bar, Chart, Interval, Line
from rse_plan.language import Language

_KINDS = ("phase", "gate", "wave")
# Day 0 of spreadsheets.
_EPOCH = date(1899, 12, 30)
_LONGEST = 60


@dataclass(frozen=True)
class Column:
    """A series: its name, its values, and the format of its numbers."""

    name: str
    values: tuple[float | None, ...]
    form: str


@dataclass(frozen=True)
class Figures:
    """What a chart is drawn from: names or months, and a column for each series."""

    categories: tuple[str, ...] | tuple[date, ...]
    columns: tuple[Column, ...]


def figures(chart: Chart, say: Language) -> Figures:
    """Put the marks of a chart into columns."""
    marks = chart.marks
    if isinstance(marks[0], Interval):
        return _intervals(marks, say)
    if isinstance(marks[0], Bar):
        return _bars(marks, say)
    return _lines(marks, say, is_share=chart.is_share)


def percent(say: Language) -> str:
    """Return the format of shares, with the space that the language has before the sign."""
    return '0"\u00a0"%' if "\u00a0" in say.percent(0) else "0%"


def thousands(say: Language) -> str:
    """Return the format of counts, with the language's separator whatever the reader's own is."""
    separator = say.number(1000)[1]
    if separator == ",":
        return "#,##0"
    space = f'"{separator}"'
    return f"[>=1000000]0{space}000{space}000;[>=1000]0{space}000;0"


def months(say: Language) -> str:
    """Return the format of months."""
    return rf"[$-{say('kit.lcid')}]mmm\ yyyy"


def days(say: Language) -> str:
    """Return the format of days."""
    return f"[$-{say('kit.lcid')}]{say('kit.workbook.day')}"


def serial(day: date) -> int:
    """Return the number that spreadsheets have for a day."""
    return (day - _EPOCH).days


def workbook(found: Figures, say: Language, day: date) -> bytes:
    """Write figures as a workbook in which no text is a formula or a link."""
    made = BytesIO()
    book = Workbook(made, {"in_memory": True})
    book.set_properties({"created": datetime.combine(day, time())})
    sheet = book.add_worksheet("Sheet1")
    month = book.add_format({"num_format": months(say)})
    sheet.set_column(0, 0, 40)
    for row, name in enumerate(found.categories, start=1):
        if isinstance(name, date):
            sheet.write_number(row, 0, serial(name), month)
        else:
            sheet.write_string(row, 0, name)
    for number, column in enumerate(found.columns, start=1):
        form = book.add_format({"num_format": column.form})
        sheet.write_string(0, number, column.name)
        sheet.set_column(number, number, 16)
        for row, value in enumerate(column.values, start=1):
            if value is not None:
                sheet.write_number(row, number, value, form)
    book.close()
    return made.getvalue()


def _intervals(marks: Sequence[Interval], say: Language) -> Figures:
    """Give what is secured, and what is possible beyond it."""
    form = percent(say)
    return Figures(
        tuple(_name(one.name) for one in marks),
        (
            Column(say("kit.charts.scores.known"), tuple(one.low for one in marks), form),
            Column(say("kit.charts.scores.open"), tuple(one.high - one.low for one in marks), form),
        ),
    )


def _bars(marks: Sequence[Bar], say: Language) -> Figures:
    """Give the first day of each bar, which is not drawn, and how many days it takes."""
    starts = tuple(float(serial(one.start)) for one in marks)
    columns = [Column(say("kit.workbook.columns.start"), starts, days(say))]
    for kind in _KINDS:
        taken = tuple(
            float((one.end - one.start).days + 1) if one.kind == kind else None for one in marks
        )
        columns.append(Column(say(f"kit.charts.timeline.{kind}"), taken, "0"))
    # Offices number the entries of a legend from either end: what is left out stands at both.
    columns.append(Column(" ", (None,) * len(marks), "0"))
    return Figures(tuple(_name(one.name) for one in marks), tuple(columns))


def _lines(marks: Sequence[Line], say: Language, *, is_share: bool) -> Figures:
    """Give a value for each month: a share is that month's, a count stays until it changes."""
    found = [day for line in marks for day, _ in line.points]
    all_months = tuple(_months(min(found), max(found)))
    columns = []
    for line in marks:
        said = {day.replace(day=1): value for day, value in line.points}
        values: list[float | None] = []
        for month in all_months:
            kept = values[-1] if values and not is_share else None
            values.append(said.get(month, kept))
        form = percent(say) if is_share else thousands(say)
        columns.append(Column(_name(line.name), tuple(values), form))
    return Figures(all_months, tuple(columns))


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _name(text: str) -> str:
    """Shorten a name to what an axis can show."""
    found = line_of(text)
    return found if len(found) <= _LONGEST else f"{found[: _LONGEST - 1]}…"
