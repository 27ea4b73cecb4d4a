"""Texts of slides, in the language that a screen reader is to read them in."""

from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Pt

from rse_plan.documents.kit.forms.deck.design import Design
from rse_plan.documents.kit.forms.deck.flow import AFTER, INDENT, Portion
from rse_plan.documents.kit.forms.deck.slides import Paragraph, Runs


def write(
    paragraph: Any,
    runs: Runs,
    design: Design,
    size: float | None = None,
    *,
    is_inked: bool = False,
) -> None:
    """Write runs into a paragraph, a line break where a text has one.

    They have the size and the colour of their place unless told.
    """
    for run in runs:
        for at, text in enumerate(run.text.split("\n")):
            if at:
                paragraph.add_line_break()
            if not text:
                continue
            added = paragraph.add_run()
            added.text = text
            added._r.get_or_add_rPr().set("lang", design.say("kit.tag"))  # noqa: SLF001 - not every tag has a name
            if run.bold:
                added.font.bold = True
            if run.italic:
                added.font.italic = True
            if size:
                added.font.size = Pt(size)
            if is_inked:
                design.paint(added.font.color, "ink")


def write_pieces(frame: Any, portion: Portion, design: Design, *, is_inked: bool) -> None:
    """Write the paragraphs of a portion, in the colour of the place or in the design's ink."""
    for at, piece in enumerate(portion.pieces):
        paragraph = frame.add_paragraph() if at else frame.paragraphs[0]
        paragraph.line_spacing, paragraph.space_before = 1.0, Pt(0)
        paragraph.space_after = Pt(portion.of.size * AFTER)
        _set_list(paragraph, piece.item.paragraph, portion.of.size, is_start=piece.first == 0)
        write(paragraph, piece.cells[0], design, portion.of.size, is_inked=is_inked)


def _set_list(paragraph: Any, said: Paragraph | None, size: float, *, is_start: bool) -> None:
    """Set the mark of an item of a list, or none, whatever a placeholder has."""
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-pptx has no lists
    step = int(Pt(size * INDENT))
    is_item = said is not None and said.number is not None
    depth = (said.level if said else 0) + is_item
    properties.set("marL", str(step * depth))
    properties.set("indent", str(-step if is_item and is_start else 0))
    if not (said and is_item and is_start):
        mark = "<a:buNone {}/>"
    elif said.number:
        mark = f'<a:buAutoNum {{}} type="arabicPeriod" startAt="{min(said.number, 32767)}"/>'
    else:
        properties.append(parse_xml(f'<a:buFont {nsdecls("a")} typeface="Arial"/>'))
        mark = '<a:buChar {} char="•"/>'
    properties.append(parse_xml(mark.format(nsdecls("a"))))
