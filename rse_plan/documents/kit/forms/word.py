"""Documents for Word, in a client's own template or in ours."""

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from rse_plan.documents.kit.forms.pandoc import default, office_document
from rse_plan.documents.kit.forms.styles import lay_over, opened, our_styles
from rse_plan.documents.kit.look import LOGO, Look, using
from rse_plan.documents.kit.manuscript import Manuscript

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = "word-styles.xml.j2"
_REFERENCES = ("basedOn", "next", "link")


def word(manuscript: Manuscript, look: Look) -> bytes:
    """Return a document as ``.docx``."""
    return office_document(manuscript, "docx", reference(look, manuscript.foot))


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
        head.add_run().add_picture(BytesIO(logo), height=Mm(LOGO))
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
