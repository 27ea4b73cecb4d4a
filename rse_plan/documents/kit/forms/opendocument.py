"""Documents as OpenDocument texts, in a client's own template or in ours."""

from base64 import b64encode
from copy import deepcopy
from functools import cache
from typing import TYPE_CHECKING

from rse_plan.documents.kit.forms.pandoc import MARK, default, office_document
from rse_plan.documents.kit.forms.styles import (
    SMALL_TABLE,
    lay_over,
    our_styles,
    parsed,
    repacked,
    written,
)
from rse_plan.documents.kit.look import LOGO, Look, size, using
from rse_plan.documents.kit.manuscript import BOX, Manuscript

if TYPE_CHECKING:
    from lxml.etree import _Element

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_NS = {
    "office": f"{_OASIS}office:1.0",
    "style": f"{_OASIS}style:1.0",
    "table": f"{_OASIS}table:1.0",
    "text": f"{_OASIS}text:1.0",
    "fo": f"{_OASIS}xsl-fo-compatible:1.0",
    "draw": f"{_OASIS}drawing:1.0",
    "svg": f"{_OASIS}svg-compatible:1.0",
}
_STYLES = "opendocument-styles.xml.j2"
_PART = "styles.xml"
_MANIFEST = "META-INF/manifest.xml"
_SIDES = ("width", "height")
# A page of A4, in millimetres.
_WIDTH, _HEIGHT, _MARGIN = 210, 297, 20
_LINE = _WIDTH - 2 * _MARGIN
_A4 = {"page-width": f"{_WIDTH}mm", "page-height": f"{_HEIGHT}mm"} | {
    f"margin-{side}": f"{_MARGIN}mm" for side in ("top", "bottom", "left", "right")
}


def opendocument(manuscript: Manuscript, look: Look) -> bytes:
    """Return a document as ``.odt``."""
    made = office_document(manuscript, "odt", reference(look, manuscript.foot, manuscript.language))
    parts = {
        "content.xml": lambda said: _finished(said, manuscript, look),
        _MANIFEST: lambda said: said.replace(b'"application/xml"', b'"text/xml"'),
    }
    return repacked(made, parts)


@cache
def reference(look: Look, foot: str, language: str) -> bytes:
    """Return the document whose styles are used: ours, or the client's with what it lacks."""
    ours = our_styles(_STYLES, look, logo=_logo(look.logo) if look.logo else None)

    def ours_over(said: bytes) -> bytes:
        return _laid_over(said, ours, foot, language)

    def under_theirs(said: bytes) -> bytes:
        return _completed(said, ours)

    if look.opendocument is None:
        return repacked(default("reference.odt"), {_PART: ours_over})
    with using("opendocument"):
        return repacked(look.opendocument, {_PART: under_theirs})


def _laid_over(said: bytes, ours: "_Element", foot: str, language: str) -> bytes:
    root = parsed(said)
    styles = _found(ours, "office:styles")
    lay_over(_found(root, "office:styles"), styles, _name, replace=True)
    for page, part in (("page-layout", "header-style"), ("master-page", "header")):
        if (head := ours.find(f"style:{part}", _NS)) is not None:
            _put_in(_found(root, f".//style:{page}"), head)
    for layout in root.iterfind(".//style:page-layout-properties", _NS):
        for name, value in _A4.items():
            layout.set(_tag(f"fo:{name}"), value)
    for words in root.iterfind(".//style:default-style/style:text-properties", _NS):
        words.set(_tag("fo:language"), language)
        words.attrib.pop(_tag("fo:country"), None)
    for row in root.iterfind(".//style:table-row-properties", _NS):
        row.set(_tag("fo:keep-together"), "always")
    for table in root.iterfind(".//style:table-properties", _NS):
        # Where borders collapse, LibreOffice 7 loses the rows that come after a page.
        table.set(_tag("table:border-model"), "separating")
    for paragraph in root.iterfind(".//style:footer/text:p", _NS):
        paragraph.set(_tag("text:style-name"), "Footer")
        paragraph.text = f"{foot} · "
        for number in paragraph.iterfind("text:page-number", _NS):
            number.tail = " / "
            number.addnext(number.makeelement(_tag("text:page-count")))
    return written(root)


def _put_in(page: "_Element", part: "_Element") -> None:
    """Put the head of pages, or how it is laid out, before their foot, instead of any there."""
    name = part.tag
    for there in page.findall(name):
        page.remove(there)
    foot = next(one for one in page if str(one.tag) == str(name).replace("header", "footer"))
    foot.addprevious(deepcopy(part))


def _logo(picture: bytes) -> dict[str, object]:
    """Return a logo as text, and its size on paper in millimetres."""
    width, height = size(picture)
    scale = min(LOGO / height, _LINE / width)
    return {
        "content": b64encode(picture).decode(),
        "width": round(width * scale, 1),
        "height": round(height * scale, 1),
    }


def _completed(said: bytes, ours: "_Element") -> bytes:
    root = parsed(said)
    styles = _found(ours, "office:styles")
    lay_over(_found(root, "office:styles"), styles, _name, replace=False)
    return written(root)


def _finished(said: bytes, manuscript: Manuscript, look: Look) -> bytes:
    """Give tables and charts what pandoc leaves out, and let quotations keep their style."""
    root = parsed(said)
    for style in root.iterfind(".//style:style", _NS):
        cell = style.find("style:table-cell-properties", _NS)
        if cell is not None:
            _draw_lines(style, cell, look)
        if style.get(_tag("style:parent-style-name")) == "Quotations":
            for properties in style.iterfind("style:paragraph-properties", _NS):
                properties.attrib.clear()
    _mark_boxes(root)
    _keep_together(root)
    for mark in [*root.iterfind(".//text:bookmark", _NS)]:
        name, frame = mark.get(_tag("text:name"), ""), mark.getnext()
        if name.startswith(MARK) and frame is not None and frame.tag == _tag("draw:frame"):
            _describe(frame, parsed(manuscript.charts[name.removeprefix(MARK)].encode()))
            # Of no use to readers, and a chart may be placed twice.
            mark.getparent().remove(mark)
    return written(root)


def _draw_lines(style: "_Element", cell: "_Element", look: Look) -> None:
    is_head = "Header" in style.get(_tag("style:name"), "")
    width, colour = ("1.5pt", look.accent) if is_head else ("0.5pt", look.line)
    cell.set(_tag("fo:border-bottom"), f"{width} solid {colour}")
    for sides, room in (("left", "right"), "4pt"), (("top", "bottom"), "1pt"):
        for side in sides:
            cell.set(_tag(f"fo:padding-{side}"), room)
    if is_head:
        cell.set(_tag("fo:background-color"), look.shade)


def _keep_together(root: "_Element") -> None:
    """Keep small tables on one page, with what announces them, and give tables room."""
    styles = {style.get(_tag("style:name")): style for style in root.iter(_tag("style:style"))}
    for table in root.iter(_tag("table:table")):
        style = styles[table.get(_tag("table:style-name"))]
        properties = _found(style, "style:table-properties")
        properties.set(_tag("fo:margin-top"), "2pt")
        properties.set(_tag("fo:margin-bottom"), "4pt")
        if table.getnext() is None:
            # An office adds a line after the last table, and perhaps a page for it.
            last = table.makeelement(_tag("text:p"))
            last.set(_tag("text:style-name"), "Last")
            table.addnext(last)
        if len([*table.iter(_tag("table:table-row"))]) <= SMALL_TABLE:
            properties.set(_tag("style:may-break-between-rows"), "false")
    for paragraph in [*root.iter(_tag("text:p"))]:
        following = paragraph.getnext()
        kind = None if following is None else following.tag
        if kind == _tag("table:table") and paragraph.find("draw:frame", _NS) is not None:
            continue
        announces = "".join(paragraph.itertext()).rstrip().endswith(":")
        if kind == _tag("table:table") or (kind == _tag("text:list") and announces):
            _keep_with_next(paragraph, styles)


def _keep_with_next(paragraph: "_Element", styles: "dict[str | None, _Element]") -> None:
    """Give a paragraph a style like its own that stays with what follows."""
    name = paragraph.get(_tag("text:style-name"), "")
    kept = f"{name}-kept"
    if kept not in styles:
        like = styles.get(name)
        style = deepcopy(like) if like is not None else paragraph.makeelement(_tag("style:style"))
        style.set(_tag("style:name"), kept)
        style.set(_tag("style:family"), "paragraph")
        if like is None:
            style.set(_tag("style:parent-style-name"), name)
        properties = style.find("style:paragraph-properties", _NS)
        if properties is None:
            properties = style.makeelement(_tag("style:paragraph-properties"))
            style.insert(0, properties)
        properties.set(_tag("fo:keep-with-next"), "always")
        next(iter(styles.values())).addprevious(style)
        styles[kept] = style
    paragraph.set(_tag("text:style-name"), kept)


def _mark_boxes(root: "_Element") -> None:
    """Let a list of boxes to tick have the boxes as its marks."""
    styles = {style.get(_tag("style:name")): style for style in root.iter(_tag("text:list-style"))}
    boxes: dict[str, str] = {}
    for found in root.iterfind(".//text:list", _NS):
        name = found.get(_tag("text:style-name"), "")
        firsts = [item.find("text:p", _NS) for item in found.iterfind("text:list-item", _NS)]
        if name not in styles or not all(
            one is not None and (one.text or "").startswith(BOX) for one in firsts
        ):
            continue
        for one in firsts:
            one.text = one.text.removeprefix(BOX).lstrip()
        if name not in boxes:
            boxes[name] = f"{name}-boxes"
            style = deepcopy(styles[name])
            style.set(_tag("style:name"), boxes[name])
            for level in style.iterfind("text:list-level-style-bullet", _NS):
                level.set(_tag("text:bullet-char"), BOX)
            styles[name].addnext(style)
        found.set(_tag("text:style-name"), boxes[name])


def _describe(frame: "_Element", drawing: "_Element") -> None:
    """Give a picture its text alternative, and its size for readers that know no percentages."""
    width, height = (float(frame.get(_tag(f"svg:{one}")).rstrip("pt")) for one in _SIDES)
    room = _LINE * float(frame.get(_tag("style:rel-width")).rstrip("%")) / 100
    frame.set(_tag("svg:width"), f"{room:.1f}mm")
    frame.set(_tag("svg:height"), f"{room * height / width:.1f}mm")
    for part in ("title", "desc"):
        said = frame.makeelement(_tag(f"svg:{part}"))
        said.text = drawing.findtext(f"{{*}}{part}")
        frame.append(said)


def _name(style: "_Element") -> object:
    name = style.get(_tag("style:name"))
    return name and (style.get(_tag("style:family")), name)


def _found(root: "_Element", path: str) -> "_Element":
    """Return a part that every document has; raise ValueError for what is no document."""
    found = root.find(path, _NS)
    if found is None:
        raise ValueError(path)
    return found


def _tag(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{_NS[prefix]}}}{local}"
