"""Charts as SVG, drawn by Vega-Lite; offline, and readable without the picture.

Started as a program, it draws the charts that `artist` asks for, until nobody asks.
"""

import json
import os
import pickle
import re
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from html import escape
from typing import Any

from vl_convert import vegalite_to_svg

from rse_plan.documents.kit.forms.pictures import use_fonts
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.marks import KINDS, Bar, Chart, Interval, Line

# In Vega-Lite's own words.
Specification = dict[str, Any]

# What shows a drawing may not have ours: Arial is as wide.
_FONT = "Inter, Arial, sans-serif"
_WIDTH, _ROW, _HEIGHT = 620, 18, 200
_LABEL = 230
# Letters of a name that has room, at five pixels each as most have.
_SHORT = _LABEL // 5
_BAR = 11
# Names beside rows, and months below, as many as do not touch.
_ROWS = {"title": None, "axis": {"ticks": False, "domain": False}}
_MONTHS = {
    "title": None,
    "format": "%b %Y",
    "labelOverlap": "greedy",
    "labelSeparation": 12,
    "tickCount": 8,
}
_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
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


def specification(chart: Chart, look: Look) -> Specification:
    """Return what Vega-Lite draws of a chart."""
    mark = chart.marks[0]
    if isinstance(mark, Interval):
        drawn = _intervals(chart, look)
    elif isinstance(mark, Bar):
        drawn = _bars(chart, look)
    else:
        drawn = _lines(chart, look)
    labels = {
        "labelColor": look.ink,
        "titleColor": look.soft,
        "labelLimit": _limit(chart),
    }
    config = {
        "font": _FONT,
        "axis": {**labels, "gridColor": look.line, "domainColor": look.line},
        "legend": {**labels, "labelLimit": 0, "orient": "top", "title": None},
        "view": {"stroke": None},
    }
    return {"$schema": _SCHEMA, "background": "white", "config": config, **drawn}


def _intervals(chart: Chart, look: Look) -> Specification:
    """Draw what is secured as a bar, and what is possible as a lighter one after it."""
    known, possible = chart.words["known"], chart.words["open"]
    rows = [
        {"name": one.name, "from": start, "to": end, "part": part}
        for one in chart.marks
        if isinstance(one, Interval)
        for part, start, end in ((known, 0, one.low), (possible, one.low, one.high))
    ]
    scale = {"domain": [known, possible], "range": [look.accent, look.line]}
    return {
        "data": {"values": rows},
        "width": _WIDTH - _LABEL,
        "height": _ROW * len(chart.marks),
        "mark": {"type": "bar", "height": _BAR},
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": None, **_ROWS},
            "x": {
                "field": "from",
                "type": "quantitative",
                "scale": {"domain": [0, 1]},
                "axis": {"format": "%", "title": None, "tickCount": 5},
            },
            "x2": {"field": "to"},
            "color": {"field": "part", "type": "nominal", "sort": None, "scale": scale},
        },
    }


def _bars(chart: Chart, look: Look) -> Specification:
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
    is_gate = {"field": "kind", "equal": chart.words["gate"]}

    def by_kind(values: Sequence[str]) -> Specification:
        scale = {"domain": kinds, "range": values}
        return {"field": "kind", "type": "nominal", "sort": None, "scale": scale}

    return {
        "data": {"values": rows},
        "width": _WIDTH - _LABEL,
        "height": _ROW * len(names),
        "encoding": {
            "y": {"field": "name", "type": "nominal", "sort": names, **_ROWS},
            "x": {"field": "from", "type": "temporal", "axis": _MONTHS},
            "color": by_kind([look.accent, look.ink, look.soft]),
        },
        "layer": [
            {
                "transform": [{"filter": {"not": is_gate}}],
                "mark": {"type": "bar", "height": _BAR},
                "encoding": {"x2": {"field": "to"}},
            },
            {
                "transform": [{"filter": is_gate}],
                "mark": {"type": "point", "size": 70, "filled": True, "opacity": 1},
                "encoding": {"shape": by_kind(["square", "diamond", "square"])},
            },
        ],
    }


def _lines(chart: Chart, look: Look) -> Specification:
    """Draw values by day: counts in one plane, shares in one for each name."""
    lines = [one for one in chart.marks if isinstance(one, Line)]
    rows = [
        {"name": line.name, "day": _day(day), "value": value}
        for line in lines
        for day, value in line.points
    ]
    axis = {"format": "%", "tickCount": 2} if chart.is_share else {"format": ",d", "tickCount": 5}
    drawn: Specification = {
        "data": {"values": rows},
        "mark": {
            "type": "area", "interpolate": "step-after", "color": look.accent, "opacity": 0.85,
        },
        "encoding": {
            "x": {"field": "day", "type": "temporal", "axis": _MONTHS},
            "y": {"field": "value", "type": "quantitative", "title": None, "axis": axis},
        },
    }  # fmt: skip
    if not chart.is_share:
        return {**drawn, "width": _WIDTH - 60, "height": _HEIGHT}
    drawn["encoding"]["row"] = {
        "field": "name",
        "type": "nominal",
        "sort": [line.name for line in lines],
        "spacing": 14,
        "header": {
            "title": chart.words["axis"],
            "titleFontWeight": "normal",
            "titleOrient": "top",
            "titleAnchor": "start",
            "labelAngle": 0,
            "labelAlign": "left",
            "labelLimit": _limit(chart),
        },
    }
    return {**drawn, "width": _WIDTH - _LABEL, "height": 2 * _ROW}


def _limit(chart: Chart) -> int:
    """Limit labels in pixels where a name may be too long.

    Vega measures each label twice as often for a limit, which takes half of the drawing.
    """
    return _LABEL if any(len(mark.name) > _SHORT for mark in chart.marks) else 0


def _day(day: date) -> str:
    """Write a day so that Vega reads it in its own time zone, not as midnight in another."""
    return f"{day:%Y/%m/%d}"


def _literal(text: str) -> str:
    """Escape a text for XML and for a replacement."""
    return escape(text, quote=False).replace("\\", r"\\")


def _main() -> None:
    """Draw the charts that are asked for, until nobody asks."""
    start()
    try:
        while True:
            asked = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our parent
            sys.stdout.write(f"{json.dumps(svg(*asked))}\n")
            sys.stdout.flush()
    except (EOFError, BrokenPipeError):
        os._exit(0)


if __name__ == "__main__":
    _main()
