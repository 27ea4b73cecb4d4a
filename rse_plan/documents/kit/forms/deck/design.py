"""The design of a deck: where its titles and texts stand, and in which colours of its theme."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pptx import Presentation
from pptx.dml.color import ColorFormat
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.presentation import Presentation as Opened
from pptx.slide import SlideLayout, SlideMaster

from rse_plan.documents.kit.forms.deck.flow import Area
from rse_plan.documents.kit.forms.deck.ours import our_template
from rse_plan.documents.kit.forms.styles import opened, parsed
from rse_plan.documents.kit.look import Look, breadth, using
from rse_plan.language import Language
from rse_plan.organisation.brand import contrast

_EMU = 12_700
_SIDE, _TOP = 7.2, 3.6
_TITLES = {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
_FEET = {PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
_BODIES = {PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.BODY}
_LARGEST_TITLE = 44.0
_TOO_NARROW, _TOO_LOW = 0.5, 0.4
_MARGIN, _FOOT = 0.05, 0.92
_OF_SAMPLES = ("p:custShowLst", "p:extLst")

# A colour of the theme, lighter or darker by a share.
Colour = tuple[MSO_THEME_COLOR, float]
_INK: Colour = (MSO_THEME_COLOR.TEXT_1, 0)
_PAPER: Colour = (MSO_THEME_COLOR.BACKGROUND_1, 0)
# For the curves of one chart.
SERIES = tuple(getattr(MSO_THEME_COLOR, f"ACCENT_{number}") for number in (1, 2, 3, 4, 5))
_OURS: Mapping[str, Colour] = {
    "ink": _INK,
    "accent": (MSO_THEME_COLOR.ACCENT_1, 0),
    "soft": (MSO_THEME_COLOR.TEXT_2, 0),
    "shade": (MSO_THEME_COLOR.BACKGROUND_2, 0),
    "line": (MSO_THEME_COLOR.ACCENT_6, 0),
}
# Of a client's theme only text, background and first accent are known to suit each other.
_THEIRS: Mapping[str, Colour] = {
    **_OURS,
    "soft": (MSO_THEME_COLOR.TEXT_1, 0.35),
    "shade": (MSO_THEME_COLOR.BACKGROUND_1, -0.05),
    "line": (MSO_THEME_COLOR.BACKGROUND_1, -0.25),
}


@dataclass(frozen=True)
class Design:
    """A presentation without slides, its layouts and their room, its colours, language and day.

    `wide` is how wide its font is beside the one that texts are measured in.
    """

    presentation: Opened
    cover: SlideLayout
    page: SlideLayout
    area: Area
    cover_areas: tuple[Area, ...]
    wide: float
    say: Language
    day: date
    colours: Mapping[str, Colour]

    def paint(self, colour: ColorFormat, name: str) -> None:
        """Give something one of the design's colours."""
        colour.theme_color, brightness = self.colours[name]
        if brightness:
            colour.brightness = brightness


def design(look: Look, say: Language, day: date) -> Design:
    """Return a client's design, else ours; raise UnusablePartError for what is no template."""
    if look.deck is None:
        return _designed(our_template(look), look, say, day)
    with using("deck"):
        presentation = Presentation(opened(look.deck, "presentation"))
        return _designed(presentation, look, say, day)


def _designed(presentation: Opened, look: Look, say: Language, day: date) -> Design:
    """Choose the layouts; raise ValueError where none has a title."""
    _drop_slides(presentation)
    layouts = [one for master in presentation.slide_masters for one in master.slide_layouts]
    page = min(
        (one for one in layouts if title_of(one) is not None),
        key=lambda layout: _unsuited(layout, presentation),
        default=None,
    )
    if page is None:
        raise ValueError(presentation)
    cover = next(_covers(layouts), page)
    area = _area(page, presentation)
    theme = parsed(page.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    colours = _THEIRS if look.deck else _OURS
    return Design(
        presentation,
        cover,
        page,
        area,
        (area,) if cover is page else _cover_areas(cover, presentation),
        breadth(_font(theme, look)),
        say,
        day,
        {**colours, "on accent": _on_accent(theme, page.slide_master)},
    )


def title_of(layout: SlideLayout) -> Any:
    """Return the placeholder of a layout's title; None if it has none."""
    return next(placeholders(layout, _TITLES), None)


def area_of(shape: Any) -> Area:
    """Return where a shape stands, by itself or by its layout."""
    return Area(
        *((edge or 0) / _EMU for edge in (shape.left, shape.top, shape.width, shape.height))
    )


def room_of(shape: Any) -> Area:
    """Return the room that a shape leaves for its text, between the usual margins."""
    area = area_of(shape)
    return replace(area, width=area.width - 2 * _SIDE, height=area.height - 2 * _TOP)


def title_size(layout: SlideLayout) -> float:
    """Return the size of a layout's titles, in points."""
    kind = "p:titleStyle//a:lvl1pPr/a:defRPr/@sz"
    master = layout.slide_master
    places = (
        (title_of(layout)._element, ".//a:lvl1pPr/a:defRPr/@sz"),  # noqa: SLF001
        (next(placeholders(master, _TITLES), layout)._element, ".//a:lvl1pPr/a:defRPr/@sz"),  # noqa: SLF001
        (master._element, f".//{kind}"),  # noqa: SLF001
    )
    sizes = (size for element, path in places for size in element.xpath(path))
    return int(next(sizes, _LARGEST_TITLE * 100)) / 100


def _drop_slides(presentation: Opened) -> None:
    """Remove sample slides, and what refers to them."""
    element = presentation.part._element  # noqa: SLF001 - python-pptx removes no slides
    ids = presentation.slides._sldIdLst  # noqa: SLF001
    for one in list(ids):
        presentation.part.drop_rel(one.rId)
        ids.remove(one)
    for name in _OF_SAMPLES:
        for found in element.findall(qn(name)):
            element.remove(found)


def placeholders(place: Any, kinds: set[PP_PLACEHOLDER]) -> Iterator[Any]:
    """Give the placeholders of some kinds of a slide, a layout or a master."""
    return (one for one in place.placeholders if one.placeholder_format.type in kinds)


def _unsuited(layout: SlideLayout, presentation: Opened) -> tuple[bool, bool, bool, int]:
    """Say how far a layout is from a title over a free page; the least is taken."""
    title, (wide, high) = area_of(title_of(layout)), _size(presentation)
    is_odd = title.width < wide / 2 or title.top + title.height > high / 2
    is_cover = any(placeholders(layout, {PP_PLACEHOLDER.CENTER_TITLE}))
    others = [*placeholders(layout, {*PP_PLACEHOLDER} - _FEET)]
    return _kind(layout) != "titleOnly", is_cover, is_odd, len(others)


def _covers(layouts: list[SlideLayout]) -> Iterator[SlideLayout]:
    """Give the layouts of title slides, the most certain first."""
    yield from (one for one in layouts if _kind(one) == "title" and title_of(one) is not None)
    yield from (one for one in layouts if any(placeholders(one, {PP_PLACEHOLDER.CENTER_TITLE})))


def _size(presentation: Opened) -> tuple[float, float]:
    """Return the width and the height of a slide, in points."""
    return (presentation.slide_width or 0) / _EMU, (presentation.slide_height or 0) / _EMU


def _kind(layout: SlideLayout) -> str:
    """Return the type of a layout, which is the same in every language, unlike its name."""
    return str(layout._element.get("type", "cust"))  # noqa: SLF001 - python-pptx does not say it


def _area(page: SlideLayout, presentation: Opened) -> Area:
    """Find the room for content: that of the layout for it, under the title and over the foot."""
    wide, high = _size(presentation)
    title = area_of(title_of(page))
    bottom = _foot(page, high / 2, high)
    under = title.top + title.height if title.top < high / 2 else high * _MARGIN
    layouts = page.slide_master.slide_layouts
    bodies = [
        *(body for one in layouts if _kind(one) == "obj" for body in placeholders(one, _BODIES)),
        *placeholders(page.slide_master, _BODIES),
    ]
    for body in map(area_of, bodies):
        top = max(body.top, under)
        found = Area(body.left, top, body.width, min(body.top + body.height, bottom) - top)
        if found.width >= wide * _TOO_NARROW and found.height >= high * _TOO_LOW:
            return found
    top = min(under, high / 2)
    return Area(wide * _MARGIN, top, wide * (1 - 2 * _MARGIN), bottom - top)


def _cover_areas(cover: SlideLayout, presentation: Opened) -> tuple[Area, ...]:
    """Give the room of a cover's subtitle, and that room down to the foot."""
    subtitle = next(placeholders(cover, {PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY}), None)
    if subtitle is None:
        return ()
    own, high = area_of(subtitle), _size(presentation)[1]
    longer = replace(own, height=max(_foot(cover, own.top, high) - own.top, own.height))
    return own, longer


def _foot(layout: SlideLayout, above: float, high: float) -> float:
    """Return where the foot of a layout begins below a place, or the usual room for one."""
    tops = (area_of(one).top for one in placeholders(layout, _FEET))
    return min((top for top in tops if top > above), default=high * _FOOT)


def _font(theme: Any, look: Look) -> str:
    found = theme.find(f".//{qn('a:minorFont')}/{qn('a:latin')}")
    return look.font if found is None else found.get("typeface", look.font)


def _on_accent(theme: Any, master: SlideMaster) -> Colour:
    """Choose the text or the background colour for what is written on the accent."""
    ways = master._element.find(qn("p:clrMap"))  # noqa: SLF001 - python-pptx does not read it

    def colour(name: str) -> str:
        found = theme.find(f".//{qn('a:clrScheme')}/{qn(f'a:{ways.get(name, name)}')}")
        said = "" if found is None else found[0].get("lastClr") or found[0].get("val", "")
        return f"#{said}" if re.fullmatch("[0-9A-Fa-f]{6}", said) else "#000000"

    accent, paper, ink = map(colour, ("accent1", "bg1", "tx1"))
    return _PAPER if contrast(accent, paper) >= contrast(accent, ink) else _INK
