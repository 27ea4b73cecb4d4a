"""A document that is filled, before it is put into a form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache

from rse_plan.language import NO_BREAK, Language

CHARTS_FOLDER = "charts"
# What stands between a number and its points of a score.
_POINTS = re.compile(r"(?<=\d) (?=pt\b)")
# How the items of a list to tick begin.
BOX = "☐"
_WAY = rf"(?:\.\./)*{CHARTS_FOLDER}/(?:[a-z]{{2}}/)?(?P<name>[a-z-]+)\.svg"
# How a template places a chart; values cannot, since their brackets are escaped.
CHART = re.compile(rf"!\[(?P<alt>(?:\\.|[^\]\\])*)\]\({_WAY}\)")


@dataclass(frozen=True)
class Manuscript:
    """Markdown, and what a form puts around it; charts as SVG, by their names.

    `day` is the one that its facts are of: documents do not know when they are written.
    """

    markdown: str
    title: str
    organisation: str
    foot: str
    language: str
    day: date
    charts: Mapping[str, str]

    @property
    def timestamp(self) -> int:
        """Its day in seconds since 1970, for programs that write when they worked."""
        return int(datetime.combine(self.day, time(), UTC).timestamp())


def placed(name: str, text: str, language: str, depth: int) -> str:
    """Place a chart by the way from a document to the charts of its language."""
    return f"![{text}]({'../' * depth}{CHARTS_FOLDER}/{language}/{name}.svg)"


def chart_of(way: str) -> str | None:
    """Return the name of the chart that an image leads to; None for another image."""
    found = re.fullmatch(_WAY, way)
    return found and found["name"]


def bound(text: str, say: Language) -> str:
    """Let no line end inside a date or before an arrow, nor between a number and its points.

    Dates elsewhere keep their plain spaces: those of plan files are compared with new drafts.
    """
    dates, short = _dates(say)

    def in_one_piece(found: re.Match[str]) -> str:
        day, month, year = found.groups(default="")
        return f"{day}{NO_BREAK}{month}{year.replace(' ', NO_BREAK) if month in short else year}"

    return _POINTS.sub(NO_BREAK, dates.sub(in_one_piece, text).replace(" → ", f"{NO_BREAK}→ "))


@cache
def _dates(say: Language) -> tuple[re.Pattern[str], frozenset[str]]:
    """Return what finds the dates of a language, and its short names of months."""
    wide, short = (say.locale.months["format"][width].values() for width in ("wide", "abbreviated"))
    names = "|".join(sorted(map(re.escape, {*wide, *short}), key=len, reverse=True))
    return re.compile(rf"\b(\d{{1,2}}|1er) ({names})(?!\w)( \d{{4}})?"), frozenset(short)
