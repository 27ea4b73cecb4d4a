"""Charts as SVG, drawn by Altair and vl-convert; offline, and readable without the picture."""

import re
from datetime import date, timedelta
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

import altair as alt
from vl_convert import vegalite_to_svg

from rse_plan.documents.kit.forms.pictures import use_fonts
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.marks import KINDS, Bar, Chart, Interval, Line

# One of Altair's charts: its types differ with what is laid over what.
Drawing = Any

_FONT = "Inter"
_WIDTH, _ROW, _HEIGHT = 620, 18, 200
_LABEL = 230
_ID = re.compile(r'\b(id="|url\(#|href="#)')
# A picture is read by its title and description; its parts would only be read out one by one.
_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_ROOT = re.compile(r"<svg [^>]*?(?P<box>viewBox=\"[^\"]+\")[^>]*>")


def svg(chart: Chart, name: str, look: Look, locale: Any) -> str:
    """Draw a chart; its ids begin with its name, so that pages can hold several.

    The locale, such as ``fr-FR``, writes its numbers and dates.
    """
    start()
    drawn = vegalite_to_svg(
        specification(chart, look),
        allowed_base_urls=[],
        format_locale=locale,
        time_format_locale=locale,
    )
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title '
        f'{name}-text" \\g<box>><title id="{name}-title">{_literal(chart.title)}</title>'
        f'<desc id="{name}-text">{_literal(chart.description)}</desc>'
    )
    return _ROOT.sub(head, _ID.sub(rf"\g<1>{name}-", _ROLES.sub("", drawn)), count=1)


@cache
def start() -> None:
    """Start Vega with our fonts, which takes longer than to draw a chart."""
    use_fonts()
    vegalite_to_svg({"mark": "point", "data": {"values": []}})


def specification(chart: Chart, look: Look) -> dict[str, Any]:
    """Return what Vega-Lite draws of a chart."""
    mark = chart.marks[0]
    if isinstance(mark, Interval):
        drawn = _intervals(chart, look)
    elif isinstance(mark, Bar):
        drawn = _bars(chart, look)
    else:
        drawn = _lines(chart, look)
    labels = {
        "labelFont": _FONT,
        "titleFont": _FONT,
        "labelColor": look.ink,
        "titleColor": look.soft,
    }
    made: dict[str, Any] = (
        drawn.properties(background="white")
        .configure(font=_FONT)
        .configure_axis(**labels, labelLimit=_LABEL, gridColor=look.line, domainColor=look.line)
        .configure_legend(**labels, labelLimit=400, orient="top", title=None)
        .configure_view(stroke=None)
        .to_dict()
    )
    return made


def _intervals(chart: Chart, look: Look) -> Drawing:
    """Draw what is secured as a bar, and what is possible as a lighter one after it."""
    known, possible = chart.words["known"], chart.words["open"]
    rows = [
        {"name": one.name, "from": start, "to": end, "part": part}
        for one in chart.marks
        if isinstance(one, Interval)
        for part, start, end in ((known, 0, one.low), (possible, one.low, one.high))
    ]
    base = alt.Chart({"values": rows}).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X(
            "from:Q",
            scale=alt.Scale(domain=[0, 1]),
            axis=alt.Axis(format="%", title=None, tickCount=5),
        ),
        x2="to:Q",
        color=alt.Color(
            "part:N",
            sort=None,
            scale=alt.Scale(domain=[known, possible], range=[look.accent, look.line]),
        ),
    )
    return alt.layer(base.mark_bar(height=11)).properties(
        width=_WIDTH - _LABEL, height=_ROW * len(chart.marks)
    )


def _bars(chart: Chart, look: Look) -> Drawing:
    """Draw periods as bars and milestones as diamonds, on one scale of time."""
    rows = [
        {
            "name": one.name,
            "from": _day(one.start),
            "to": _day(one.end + timedelta(days=1)),
            "kind": chart.words[one.kind],
        }
        for one in chart.marks
        if isinstance(one, Bar)
    ]
    names = list(dict.fromkeys(row["name"] for row in rows))
    kinds = [chart.words[kind] for kind in KINDS]
    scale = alt.Scale(domain=kinds, range=[look.accent, look.ink, look.soft])
    shapes = alt.Scale(domain=kinds, range=["square", "diamond", "square"])
    base = alt.Chart({"values": rows}).encode(
        y=alt.Y("name:N", sort=names, title=None, axis=alt.Axis(ticks=False, domain=False)),
        x=alt.X("from:T", axis=_months()),
        color=alt.Color("kind:N", sort=None, scale=scale),
    )
    is_gate = alt.datum.kind == chart.words["gate"]
    return alt.layer(
        base.transform_filter(~is_gate).mark_bar(height=11).encode(x2="to:T"),
        base.transform_filter(is_gate)
        .mark_point(size=70, filled=True, opacity=1)
        .encode(shape=alt.Shape("kind:N", sort=None, scale=shapes)),
    ).properties(width=_WIDTH - _LABEL, height=_ROW * len(names))


def _lines(chart: Chart, look: Look) -> Drawing:
    """Draw values by day: counts in one plane, shares in one for each name."""
    lines = [one for one in chart.marks if isinstance(one, Line)]
    rows = [
        {"name": line.name, "day": _day(day), "value": value}
        for line in lines
        for day, value in line.points
    ]
    form: dict[str, Any] = {
        "axis": alt.Axis(
            format="%" if chart.is_share else ",d", tickCount=2 if chart.is_share else 5
        )
    }
    drawn = (
        alt.Chart({"values": rows})
        .mark_area(interpolate="step-after", color=look.accent, opacity=0.85)
        .encode(x=alt.X("day:T", axis=_months()), y=alt.Y("value:Q", title=None, **form))
    )
    if not chart.is_share:
        return drawn.properties(width=_WIDTH - 60, height=_HEIGHT)
    header = alt.Header(
        title=chart.words["axis"],
        titleFontWeight="normal",
        titleOrient="top",
        titleAnchor="start",
        labelAngle=0,
        labelAlign="left",
        labelFont=_FONT,
        titleFont=_FONT,
        labelLimit=_LABEL,
    )
    return drawn.encode(
        row=alt.Row("name:N", sort=[line.name for line in lines], header=header, spacing=14)
    ).properties(width=_WIDTH - _LABEL, height=2 * _ROW)


def _months() -> Drawing:
    """Label time by months, as many as do not touch."""
    return alt.Axis(
        title=None, format="%b %Y", labelOverlap="greedy", labelSeparation=12, tickCount=8
    )


def _day(day: date) -> str:
    """Write a day so that Vega reads it in its own time zone, not as midnight in another."""
    return f"{day:%Y/%m/%d}"


def _literal(text: str) -> str:
    """Escape a text for XML and for a replacement."""
    return escape(text).replace("\\", r"\\")
