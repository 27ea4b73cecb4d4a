"""What stands where on how many pages: texts and tables, and charts beside or under them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from rse_plan.documents.kit.forms.deck.flow import GAP, Area, Portion, fitting, flowed
from rse_plan.documents.kit.forms.deck.slides import Block, Picture, Table, Text
from rse_plan.documents.kit.marks import Chart

# What a chart needs to be read: marks on a page, points for each, for its axis, and for a curve.
_MOST_MARKS, _MARK, AXIS, _CURVE = 26, 14, 80, 210
_LARGEST_MARK = 44
# A chart beside texts: its share of the width, which is not to be too narrow, and the room between.
_CHART_SHARE, _CHART_WIDTH, _COLUMN_GAP = 0.54, 400, 24


@dataclass(frozen=True)
class Placed:
    """Something on a page, and where."""

    content: Portion | Picture
    area: Area


Page = tuple[Placed, ...]


def pages(blocks: Sequence[Block], area: Area, wide: float) -> list[Page]:
    """Lay blocks out on as many pages as they need; an empty page where there is nothing."""
    page = single(blocks, area, wide)
    if page is not None:
        return [page]
    found: list[Page] = []
    flow: list[Text | Table] = []
    for block in blocks:
        if isinstance(block, Picture):
            found += _flowed_pages(flow, area, wide)
            flow = []
            found += [(Placed(one, area),) for one in _drawn(block, area)]
        else:
            flow.append(block)
    return found + _flowed_pages(flow, area, wide)


def single(blocks: Sequence[Block], area: Area, wide: float) -> Page | None:
    """Lay blocks out on one page, a chart under short texts or beside others; None if too much."""
    pictures = [one for one in blocks if isinstance(one, Picture)]
    flow = [one for one in blocks if not isinstance(one, Picture)]
    if not pictures:
        return _fitting_page(flow, area, wide)
    drawn = _drawn(pictures[0], area)
    if len(pictures) > 1 or len(drawn) > 1:
        return None
    if not flow:
        return (Placed(drawn[0], _limited(drawn[0].chart, area)),)
    is_first = isinstance(blocks[0], Picture)
    stacked = _stacked(flow, drawn[0], area, wide, is_first=is_first)
    return stacked or _beside(flow, drawn[0], area, wide)


def _stacked(
    flow: Sequence[Text | Table], drawn: Picture, area: Area, wide: float, *, is_first: bool
) -> Page | None:
    """Put a chart under short texts, or over them where it came first."""
    room = area.height - _needed(drawn.chart) - GAP
    page = _fitting_page(flow, replace(area, height=room), wide) if room > 0 else None
    if page is None:
        return None
    height = page[-1].area.top + page[-1].area.height - area.top
    rest = replace(area, top=area.top + height + GAP, height=area.height - height - GAP)
    if not is_first:
        return (*page, Placed(drawn, _limited(drawn.chart, rest)))
    chart = Placed(drawn, replace(rest, top=area.top))
    down = rest.height + GAP
    moved = (Placed(one.content, replace(one.area, top=one.area.top + down)) for one in page)
    return (chart, *moved)


def _beside(flow: Sequence[Text | Table], drawn: Picture, area: Area, wide: float) -> Page | None:
    """Put a chart to the right of texts."""
    width = area.width * _CHART_SHARE
    if width < _CHART_WIDTH:
        return None
    left = replace(area, width=area.width - width - _COLUMN_GAP)
    page = _fitting_page(flow, left, wide)
    if page is None:
        return None
    right = replace(area, left=area.left + area.width - width, width=width)
    return (*page, Placed(drawn, _limited(drawn.chart, right)))


def _needed(chart: Chart) -> float:
    """Return how high a chart has to be."""
    return AXIS + _MARK * len(chart.marks) if chart.in_rows else _CURVE


def _limited(chart: Chart, area: Area) -> Area:
    """Keep a chart of few marks from filling the page with them."""
    most = AXIS + _LARGEST_MARK * len(chart.marks) if chart.in_rows else area.height
    return replace(area, height=min(area.height, most))


def _drawn(picture: Picture, area: Area) -> list[Picture]:
    """Spread a chart of very many marks over several pages."""
    marks = picture.chart.marks
    if not picture.chart.in_rows:
        return [picture]
    most = max(min(int((area.height - AXIS) / _MARK), _MOST_MARKS), 1)
    count = ceil(len(marks) / most)
    each = ceil(len(marks) / count)
    return [
        replace(picture, chart=replace(picture.chart, marks=marks[at : at + each]))
        for at in range(0, len(marks), each)
    ]


def _fitting_page(flow: Sequence[Text | Table], area: Area, wide: float) -> Page | None:
    portions = fitting(flow, area, wide)
    return None if portions is None else _placed(portions, area)


def _flowed_pages(flow: Sequence[Text | Table], area: Area, wide: float) -> list[Page]:
    return [_placed(portions, area) for portions in flowed(flow, area, wide)]


def _placed(portions: Sequence[Portion], area: Area) -> Page:
    """Put portions under each other."""
    found, top = [], area.top
    for one in portions:
        width = sum(one.of.widths) or area.width
        found.append(Placed(one, Area(area.left, top, width, one.height)))
        top += one.height + GAP
    return tuple(found)
