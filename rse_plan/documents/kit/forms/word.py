"""Documents for Word, in a client's own template or in ours."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from rse_plan.documents.kit.forms.pandoc import default, office_document
from rse_plan.documents.kit.forms.styles import (
    SMALL_TABLE,
    lay_over,
    opened,
    our_styles,
    parsed,
    repacked,
    written,
)
from rse_plan.documents.kit.look import LOGO, Look, using
from rse_plan.documents.kit.manuscript import Manuscript

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = "word-styles.xml.j2"
_REFERENCES = ("basedOn", "next", "link")
# What stands after the spacing in the properties of a paragraph.
_AFTER_SPACING = {f"{_W}{name}" for name in ("ind", "contextualSpacing", "jc", "outlineLvl", "rPr")}
# Between a table and what stands before or after it, in twentieths of a point.
_ROOM = 120


def word(manuscript: Manuscript, look: Look) -> bytes:
    """Return a document as ``.docx``."""
    made = office_document(manuscript, "docx", reference(look, manuscript.foot))
    return repacked(made, {"word/document.xml": _finished, "word/settings.xml": _as_today})


@cache
def reference(look: Look, foot: str) -> bytes:
    """Return the document whose styles are used: ours, or the client's with what it lacks."""
    if look.word is None:
        document = _opened(default("reference.docx"))
        _lay_over(document, our_styles(_STYLES, look), replace=True)
        _lay_out_page(document, foot, look.logo)
    else:
        with using("word"):
            document = _opened(look.word)
        _lay_over(document, our_styles(_STYLES, look), replace=False)
        _lay_over(document, _opened(default("reference.docx")).styles.element, replace=False)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def _finished(said: bytes) -> bytes:
    """Keep together what one reads together, and give tables room and the width of the page."""
    root = parsed(said)
    for table in root.iter(f"{_W}tbl"):
        _set_table(table)
        _widen(table, root)
    for paragraph in root.iter(f"{_W}p"):
        following = paragraph.getnext()
        in_list = following is not None and following.find(f"{_W}pPr/{_W}numPr") is not None
        if in_list and "".join(paragraph.itertext()).rstrip().endswith(":"):
            _keep_with_next(paragraph)
    return written(root)


def _set_table(table: "_Element") -> None:
    """Break no row over two pages, and keep a table with what announces it."""
    rows = table.findall(f"{_W}tr")
    for row in rows:
        _properties(row, "trPr").append(row.makeelement(f"{_W}cantSplit"))
    is_small = len(rows) <= SMALL_TABLE
    for row in rows[:-1] if is_small else [*rows[:2], *rows[-2:-1]]:
        for paragraph in row.iter(f"{_W}p"):
            _keep_with_next(paragraph)
    before, after = table.getprevious(), table.getnext()
    if before is not None and before.tag == f"{_W}p":
        _space(before, "after")
        if next(before.iter(f"{_W}drawing"), None) is None:
            _keep_with_next(before)
    if after is not None and after.tag == f"{_W}p":
        _space(after, "before")
    elif table.getparent().tag == f"{_W}body":
        table.addnext(_last(table))


def _properties(element: "_Element", name: str) -> "_Element":
    """Return the properties of a paragraph or a row, which come first in it."""
    found = element.find(f"{_W}{name}")
    if found is None:
        found = element.makeelement(f"{_W}{name}")
        element.insert(0, found)
    return found


def _keep_with_next(paragraph: "_Element") -> None:
    properties = _properties(paragraph, "pPr")
    if properties.find(f"{_W}keepNext") is None:
        has_style = len(properties) > 0 and properties[0].tag == f"{_W}pStyle"
        properties.insert(int(has_style), properties.makeelement(f"{_W}keepNext"))


def _widen(table: "_Element", root: "_Element") -> None:
    """Let the columns of a table take the width of the page: pandoc takes it for a letter's."""
    page, margins = (next(root.iter(f"{_W}{name}"), None) for name in ("pgSz", "pgMar"))
    columns = [*table.iter(f"{_W}gridCol")]
    if page is None or margins is None or not columns:
        return
    sizes = [page.get(f"{_W}w"), *(margins.get(f"{_W}{side}") for side in ("left", "right"))]
    if not all(said and said.isdecimal() for said in sizes):
        # A client's template may say them in other units.
        return
    width, left, right = map(int, sizes)
    room = width - left - right
    whole = sum(int(column.get(f"{_W}w")) for column in columns)
    for column in columns:
        column.set(f"{_W}w", str(int(column.get(f"{_W}w")) * room // whole))


def _space(paragraph: "_Element", side: str) -> None:
    """Leave room between a paragraph and a table."""
    properties = _properties(paragraph, "pPr")
    found = properties.find(f"{_W}spacing")
    if found is None:
        found = properties.makeelement(f"{_W}spacing")
        later = (at for at, one in enumerate(properties) if one.tag in _AFTER_SPACING)
        properties.insert(next(later, len(properties)), found)
    found.set(f"{_W}{side}", str(_ROOM))


def _last(table: "_Element") -> "_Element":
    """Return the paragraph that Word wants after a last table, so low that it takes no page."""
    paragraph = table.makeelement(f"{_W}p")
    spacing = paragraph.makeelement(f"{_W}spacing")
    for name, value in (("before", "0"), ("after", "0"), ("line", "20"), ("lineRule", "exact")):
        spacing.set(f"{_W}{name}", value)
    _properties(paragraph, "pPr").append(spacing)
    return paragraph


def _as_today(said: bytes) -> bytes:
    """Say that a document is for the Word of today, unless a template says otherwise.

    Word opens it in its compatibility mode else, where tables hang out of the margins.
    """
    root = parsed(said)
    if root.find(f"{_W}compat") is None:
        held = root.makeelement(f"{_W}compat")
        mode = held.makeelement(f"{_W}compatSetting")
        mode.set(f"{_W}name", "compatibilityMode")
        mode.set(f"{_W}uri", "http://schemas.microsoft.com/office/word")
        mode.set(f"{_W}val", "15")
        held.append(mode)
        rules = root.find(f"{_W}rsids")
        if rules is None:
            return said
        rules.addprevious(held)
    return written(root)


def _opened(package: bytes) -> "Document":
    from docx import Document  # noqa: PLC0415 - optional

    return Document(opened(package, "document"))


def _lay_over(document: "Document", ours: "_Element", *, replace: bool) -> None:
    """Add styles, which refer to others by ids: those are the client's where it has the style."""
    styles = document.styles.element
    ids = {_name(style): style.get(f"{_W}styleId") for style in _styles(styles)}
    names = {style.get(f"{_W}styleId"): _name(style) for style in _styles(ours)}
    for style in _styles(ours):
        style.set(f"{_W}styleId", ids.get(_name(style)) or style.get(f"{_W}styleId"))
        for reference_to in _REFERENCES:
            if (found := style.find(f"{_W}{reference_to}")) is not None:
                id_ = found.get(f"{_W}val")
                found.set(f"{_W}val", ids.get(names.get(id_)) or id_)
    lay_over(styles, ours, _name, replace=replace)


def _styles(root: "_Element") -> "Iterator[_Element]":
    yield from root.iterchildren(f"{_W}style")


def _name(style: "_Element") -> tuple[str | None, str] | None:
    """Return the kind and the name of a style, which Word compares without regard to case."""
    name = style.find(f"{_W}name")
    return None if name is None else (style.get(f"{_W}type"), name.get(f"{_W}val").lower())


def _lay_out_page(document: "Document", foot: str, logo: bytes | None) -> None:
    """Set A4, its margins, the logo, and a foot with the number of the page."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH  # noqa: PLC0415 - optional
    from docx.shared import Mm  # noqa: PLC0415 - likewise

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    if logo:
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        picture = head.add_run().add_picture(BytesIO(logo), height=Mm(LOGO))
        if picture.width > (room := section.page_width - 2 * section.left_margin):
            picture.height, picture.width = picture.height * room // picture.width, room
    paragraph = section.footer.paragraphs[0]
    paragraph.style = "footer"
    paragraph.add_run(f"{foot}\t")
    _add_field(paragraph, "PAGE")
    paragraph.add_run(" / ")
    _add_field(paragraph, "NUMPAGES")


def _add_field(paragraph: "Paragraph", name: str) -> None:
    """Add a field that Word fills in."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - optional

    field = OxmlElement("w:fldSimple")
    field.set(f"{_W}instr", name)
    run = OxmlElement("w:r")
    run.append(OxmlElement("w:t"))
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - python-docx has no fields
