"""Charts as PowerPoint's own, with their figures in a workbook that can be edited."""

from datetime import date, timedelta
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide as Made
from pptx.util import Pt

from rse_plan.documents.kit.forms.deck.design import SERIES, Design
from rse_plan.documents.kit.forms.deck.figures import (
    Figures,
    figures,
    months,
    percent,
    serial,
    workbook,
)
from rse_plan.documents.kit.forms.deck.flow import Area
from rse_plan.documents.kit.forms.deck.measure import width
from rse_plan.documents.kit.forms.deck.pages import AXIS
from rse_plan.documents.kit.forms.deck.slides import Picture, Run, plain
from rse_plan.documents.kit.forms.deck.words import write
from rse_plan.documents.kit.marks import Bar, Chart, Interval

_TEXT, _SCALE_TEXT, _SMALL_TEXT, _TITLE = 12, 11, 10, 14
# Rows that are lower than this, in points, have smaller labels.
_LOW_ROW = 16
_GAP, _LINE_WIDTH, _GATE = 45, 2.25, 5
_DASHES = (MSO_LINE.SOLID, MSO_LINE.DASH, MSO_LINE.ROUND_DOT, MSO_LINE.DASH_DOT, MSO_LINE.LONG_DASH)
_STEPS = (1, 2, 3, 6, 12, 24, 60)
_MONTH = 30.4375
# How wide the label of a month is with the room around it, in points.
_MONTH_LABEL = 58
_QUARTER = 3
# How much of the width is left for curves or beside names, and of a scale after its last day.
_CURVE_PLOT, _EDGES, _ROOM_AFTER = 0.9, 40, 50
# The day of a month on which a scale begins.
_FIRST_DAY = 4
# A share that is smaller has no room for its label.
_LABELLED = 0.15


def draw_chart(made: Made, picture: Picture, area: Area, design: Design, title: str) -> None:
    """Draw a chart with its title, unless the slide has the same, and the text that replaces it."""
    chart, found = picture.chart, figures(picture.chart, design.say)
    shapes: Any = made.shapes
    frame = shapes.add_chart(_kind(chart), *(Pt(one) for one in vars(area).values()), _data(found))
    said = [plain(chart.description)]
    if picture.alt not in {chart.title, chart.description, ""}:
        said.insert(0, picture.alt)
    words = frame._element.nvGraphicFramePr.cNvPr  # noqa: SLF001 - no other way
    words.set("descr", "\n".join(said))
    words.set("title", plain(chart.title))
    _Painter(frame.chart, chart, found, design).paint(area, is_titled=title != chart.title)
    frame.chart.part.chart_workbook.update_from_xlsx_blob(workbook(found, design.say, design.day))


def _kind(chart: Chart) -> XL_CHART_TYPE:
    if chart.in_rows:
        return XL_CHART_TYPE.BAR_STACKED
    return XL_CHART_TYPE.AREA if len(chart.marks) == 1 else XL_CHART_TYPE.LINE


def _data(found: Figures) -> Any:
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = found.categories
    for column in found.columns:
        data.add_series(column.name, column.values, column.form)
    return data


class _Painter:
    """A chart that gets its colours, its axes and its words."""

    def __init__(self, native: Any, chart: Chart, found: Figures, design: Design) -> None:
        self.native, self.chart, self.found = native, chart, found
        self.design, self.say = design, design.say

    def paint(self, area: Area, *, is_titled: bool) -> None:
        """Paint all of the chart."""
        native = self.native
        native.font.size = Pt(_TEXT)
        self.design.paint(native.font.color, "ink")
        native.has_title = is_titled
        if is_titled:
            self._write_title()
        native.has_legend = len(self.found.columns) > 1
        if native.has_legend:
            native.legend.position = XL_LEGEND_POSITION.BOTTOM
            native.legend.include_in_layout = False
            native.legend.font.size = Pt(_TEXT)
        mark = self.chart.marks[0]
        if isinstance(mark, Interval):
            self._intervals(area)
        elif isinstance(mark, Bar):
            self._bars(area)
        else:
            self._lines(area)
        self._mend()

    def _write_title(self) -> None:
        title = self.native.chart_title
        title.include_in_layout = False
        said = (Run(plain(self.chart.title), bold=True),)
        write(title.text_frame.paragraphs[0], said, self.design, _TITLE)

    def _intervals(self, area: Area) -> None:
        """Show what is secured, then what is possible, from nothing to everything."""
        self._rows(area)
        values = self.native.value_axis
        values.minimum_scale, values.maximum_scale, values.major_unit = 0, 1, 0.2
        self._number(values, percent(self.say))
        secured, possible = self.native.plots[0].series
        self._fill(secured, "accent")
        self._fill(possible, "line")
        labels = secured.data_labels
        labels.show_value, labels.position = True, XL_LABEL_POSITION.INSIDE_END
        labels.number_format = f"[>={_LABELLED}]{percent(self.say)};;"
        labels.number_format_is_linked = False
        labels.font.size = Pt(self._label_size(area))
        self.design.paint(labels.font.color, "on accent")

    def _bars(self, area: Area) -> None:
        """Show periods on a scale of days, from their first, which is a bar that is not drawn."""
        self._rows(area)
        bars = [one for one in self.chart.marks if isinstance(one, Bar)]
        first, last = min(one.start for one in bars), max(one.end for one in bars)
        names = (width((Run(one.name),), self._label_size(area)) for one in bars)
        room = area.width - min(max(names) * self.design.wide, area.width / 2) - _EDGES
        start, unit = _scale(first, last, room / self.design.wide)
        values = self.native.value_axis
        values.minimum_scale, values.major_unit = start, unit
        values.maximum_scale = serial(last) + 1 + (serial(last) - start) // _ROOM_AFTER
        self._number(values, months(self.say))
        offset, phases, gates, waves, _ = self.native.plots[0].series
        offset.format.fill.background()
        offset.format.line.fill.background()
        self._fill(phases, "accent")
        self._fill(gates, "ink")
        # A day is too short to be seen; its outline is not.
        gates.format.line.width = Pt(_GATE)
        self.design.paint(gates.format.line.color, "ink")
        self._fill(waves, "soft")
        position = self.native.legend._element.find(qn("c:legendPos"))  # noqa: SLF001
        for number in (len(self.found.columns) - 1, 0):
            position.addnext(
                parse_xml(
                    f'<c:legendEntry {nsdecls("c")}><c:idx val="{number}"/><c:delete val="1"/>'
                    f"</c:legendEntry>"
                )
            )

    def _lines(self, area: Area) -> None:
        """Show values by month."""
        dates, values = self.native.category_axis, self.native.value_axis
        values.minimum_scale = 0
        if self.chart.is_share:
            largest = max(value or 0 for one in self.found.columns for value in one.values)
            values.maximum_scale = max(1, -(-largest // 0.2) * 0.2)
            values.major_unit = 0.2
        self._number(values, self.found.columns[0].form)
        self._number(dates, months(self.say))
        dates.major_tick_mark = XL_TICK_MARK.OUTSIDE
        step = _step(len(self.found.categories), area.width * _CURVE_PLOT / self.design.wide)
        axis = dates._element  # noqa: SLF001 - python-pptx has no units of time
        units = {"baseTimeUnit": "months", "majorUnit": step, "majorTimeUnit": "months"}
        for name, value in units.items():
            for old in axis.findall(qn(f"c:{name}")):
                axis.remove(old)
            axis.append(parse_xml(f'<c:{name} {nsdecls("c")} val="{value}"/>'))
        for number, series in enumerate(self.native.plots[0].series):
            if len(self.chart.marks) == 1:
                self._fill(series, "accent")
                continue
            series.smooth = False
            series.format.line.width = Pt(_LINE_WIDTH)
            series.format.line.dash_style = _DASHES[number % len(_DASHES)]
            series.format.line.color.theme_color = SERIES[number % len(SERIES)]

    def _rows(self, area: Area) -> None:
        """Put the first mark at the top, the scale at the bottom, and a label at every bar."""
        plot, names = self.native.plots[0], self.native.category_axis
        plot.gap_width, plot.overlap = _GAP, 100
        names.reverse_order = True
        # The scale crosses the names at the last of them, which python-pptx cannot say.
        self.native.value_axis._element.find(qn("c:crosses")).set("val", "max")  # noqa: SLF001
        names.major_tick_mark = XL_TICK_MARK.NONE
        names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        names.tick_labels.font.size = Pt(self._label_size(area))
        self.design.paint(names.format.line.color, "line")
        skip = parse_xml(f'<c:tickLblSkip {nsdecls("c")} val="1"/>')
        names._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)  # noqa: SLF001

    def _label_size(self, area: Area) -> int:
        is_low = (area.height - AXIS) / len(self.found.categories) < _LOW_ROW
        return _SMALL_TEXT if is_low else _TEXT

    def _number(self, axis: Any, form: str) -> None:
        """Format an axis and the lines that lead from it."""
        axis.tick_labels.number_format = form
        axis.tick_labels.number_format_is_linked = False
        axis.tick_labels.font.size = Pt(_SCALE_TEXT)
        self.design.paint(axis.format.line.color, "line")
        if axis is not self.native.category_axis and axis._element.tag == qn("c:valAx"):  # noqa: SLF001
            axis.has_major_gridlines = True
            self.design.paint(axis.major_gridlines.format.line.color, "line")

    def _fill(self, series: Any, name: str) -> None:
        series.format.fill.solid()
        self.design.paint(series.format.fill.fore_color, name)
        series.invert_if_negative = False

    def _mend(self) -> None:
        """Say the language, and number the axes as the format wants it."""
        space = self.native._chartSpace  # noqa: SLF001 - python-pptx does not set it
        words = parse_xml(f'<c:lang {nsdecls("c")} val="{self.say("kit.tag")}"/>')
        space.find(qn("c:date1904")).addnext(words)
        for name in ("c:axId", "c:crossAx"):
            for found in space.iter(qn(name)):
                found.set("val", found.get("val").removeprefix("-"))


def _step(count: int, room: float) -> int:
    """Choose how many months apart labels stand that do not touch."""
    most = max(room / _MONTH_LABEL, 2)
    return next((step for step in _STEPS if count / step <= most), _STEPS[-1])


def _scale(first: date, last: date, room: float) -> tuple[int, float]:
    """Return the first day of a scale, and how many days apart its labels stand.

    All of them are a number of days, which months are not: labels that begin on the fourth of a
    month, the one before if need be, stay in the months that they name for forty years.
    """
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    step = _step(count, room)
    month = first.month - (first.month - 1) % min(step, _QUARTER)
    start = first.replace(month=month, day=_FIRST_DAY)
    if start > first:
        start = (start - timedelta(days=_FIRST_DAY)).replace(day=_FIRST_DAY)
    return serial(start), _MONTH * step
