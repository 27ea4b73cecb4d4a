"""Our own template: python-pptx's default in 16:9, in the colours and the font of a look."""

import colorsys
from typing import Any

from lxml.etree import fromstring, tostring
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation as Opened
from pptx.slide import SlideMaster
from pptx.util import Pt

from rse_plan.documents.kit.look import Look
from rse_plan.organisation.brand import channels

WIDE, HIGH = 960, 540
_KEPT = ("title", "obj", "titleOnly", "blank")
_LEFT, _ROOM = 48, 864
_TITLE_SIZE, _COVER_SIZE, _FOOT_SIZE = 26, 38, 10
_BODY_SIZES = (20, 18, 16, 14, 14)
_PLACES = {
    PP_PLACEHOLDER.TITLE: (_LEFT, 22, _ROOM, 72),
    PP_PLACEHOLDER.BODY: (_LEFT, 116, _ROOM, 378),
    PP_PLACEHOLDER.FOOTER: (_LEFT, 506, 700, 20),
    PP_PLACEHOLDER.DATE: (_LEFT + 700, 506, 84, 20),
    PP_PLACEHOLDER.SLIDE_NUMBER: (_LEFT + _ROOM - 80, 506, 80, 20),
}
_COVER_PLACES = {
    PP_PLACEHOLDER.CENTER_TITLE: (84, 96, 800, 130),
    PP_PLACEHOLDER.SUBTITLE: (84, 250, 800, 230),
}
_RULE, _BAND = (_LEFT, 99, 72, 3), (0, 0, 36, HIGH)
# How far the colours of other curves stand from the accent on the circle of hues, and their light.
_HUES = ((0.52, 0.38), (0.78, 0.42), (0.27, 0.33), (0.08, 0.28))


def our_template(look: Look) -> Opened:
    """Return a presentation without slides."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Pt(WIDE), Pt(HIGH)
    presentation.part._element.find(qn("p:sldSz")).attrib.pop("type", None)  # noqa: SLF001
    master = presentation.slide_master
    for layout in list(presentation.slide_layouts):
        if layout._element.get("type") not in _KEPT:  # noqa: SLF001 - python-pptx does not say it
            presentation.slide_layouts.remove(layout)
    _place(master, _PLACES)
    _add_bar(master, _RULE)
    _set_styles(master)
    cover = presentation.slide_layouts[0]
    _place(cover, _COVER_PLACES)
    cover._element.set("showMasterSp", "0")  # noqa: SLF001
    _add_bar(cover, _BAND)
    _set_theme(master, look)
    return presentation


def _place(place: Any, places: dict[PP_PLACEHOLDER, tuple[int, int, int, int]]) -> None:
    """Move placeholders, their texts flush with the left edge."""
    for shape in place.placeholders:
        kind = shape.placeholder_format.type
        if kind not in places:
            continue
        shape.left, shape.top, shape.width, shape.height = map(Pt, places[kind])
        body = shape._element.txBody.find(qn("a:bodyPr"))  # noqa: SLF001
        body.attrib.update({f"{side}Ins": "0" for side in "lrtb"})
        is_title = kind in {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
        body.set("anchor", "b" if is_title else "t")
        for style in shape._element.iter(qn("a:lvl1pPr")):  # noqa: SLF001
            style.set("algn", "r" if kind == PP_PLACEHOLDER.SLIDE_NUMBER else "l")
            for words in style.iter(qn("a:defRPr")):
                if kind != PP_PLACEHOLDER.SUBTITLE:
                    words.set("sz", str(_FOOT_SIZE * 100))
                for colour in words.iter(qn("a:schemeClr")):
                    colour.set("val", "tx1" if kind == PP_PLACEHOLDER.SUBTITLE else "tx2")
                    del colour[:]
        if kind == PP_PLACEHOLDER.CENTER_TITLE:
            styles = shape._element.txBody.find(qn("a:lstStyle"))  # noqa: SLF001
            size = f'<a:defRPr {nsdecls("a")} sz="{_COVER_SIZE * 100}"/>'
            level = parse_xml(f"<a:lvl1pPr {nsdecls('a')}>{size}</a:lvl1pPr>")
            styles[:] = [level]


def _add_bar(place: Any, area: tuple[int, int, int, int]) -> None:
    """Draw a bar in the accent colour behind everything."""
    left, top, width, height = (int(Pt(one)) for one in area)
    tree = place.shapes._spTree  # noqa: SLF001 - python-pptx adds no shapes to masters
    number = 1 + max(int(one) for one in tree.xpath(".//p:cNvPr/@id"))
    bar = parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{number}" name="Accent"/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        f'</a:prstGeom><a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/>'
        f"</a:ln></p:spPr></p:sp>"
    )
    tree.insert(2, bar)


def _set_styles(master: SlideMaster) -> None:
    """Set titles bold and to the left, and texts in sizes that a meeting can read."""
    styles = master._element.find(qn("p:txStyles"))  # noqa: SLF001
    title = styles.find(f"{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    title.set("algn", "l")
    title.find(qn("a:defRPr")).attrib.update({"sz": str(_TITLE_SIZE * 100), "b": "1"})
    for level, size in enumerate(_BODY_SIZES, start=1):
        words = styles.find(f"{qn('p:bodyStyle')}/{qn(f'a:lvl{level}pPr')}/{qn('a:defRPr')}")
        words.set("sz", str(size * 100))


def _set_theme(master: SlideMaster, look: Look) -> None:
    """Write the colours and the font into the theme, so that what is added later has them too."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = fromstring(part.blob)
    theme.set("name", "rse-plan")
    scheme = theme.find(f".//{qn('a:clrScheme')}")
    scheme.set("name", "rse-plan")
    for name, colour in _scheme(look).items():
        place = scheme.find(qn(f"a:{name}"))
        place[:] = [parse_xml(f'<a:srgbClr {nsdecls("a")} val="{colour}"/>')]
    for font in theme.iterfind(f".//{qn('a:fontScheme')}/*/{qn('a:latin')}"):
        font.set("typeface", look.font)
    part.blob = bytes(tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True))


def _scheme(look: Look) -> dict[str, str]:
    """Give the colours of the theme as six hexadecimal digits."""
    own = {
        "dk1": look.ink,
        "lt1": "#ffffff",
        "dk2": look.soft,
        "lt2": look.shade,
        "accent1": look.accent,
        "accent6": look.line,
        "hlink": look.accent,
        "folHlink": look.soft,
    }
    hue, _, saturation = colorsys.rgb_to_hls(*channels(look.accent))
    for number, (turn, light) in enumerate(_HUES, start=2):
        parts = colorsys.hls_to_rgb((hue + turn) % 1, light, max(saturation, 0.5) * 0.8)
        own[f"accent{number}"] = "#" + "".join(f"{round(part * 255):02x}" for part in parts)
    return {name: colour.removeprefix("#").upper() for name, colour in own.items()}
