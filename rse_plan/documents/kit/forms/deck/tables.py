"""Tables of slides, with a head that is repeated and lines in the design's colours."""

from typing import Any

from pptx.dml.fill import FillFormat
from pptx.enum.text import MSO_VERTICAL_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.slide import Slide as Made
from pptx.util import Pt

from rse_plan.documents.kit.forms.deck.design import Design
from rse_plan.documents.kit.forms.deck.flow import CELL, CELL_TOP, Area, Portion
from rse_plan.documents.kit.forms.deck.slides import Runs
from rse_plan.documents.kit.forms.deck.words import write

# PowerPoint's "No Style, No Grid".
_PLAIN = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_HEAD_LINE, _ROW_LINE = 1.5, 0.5


def draw_table(made: Made, portion: Portion, area: Area, design: Design, title: str) -> None:
    """Draw a portion of a table under its head."""
    rows = portion.rows
    left, top, width, height = (Pt(one) for one in vars(area).values())
    frame = made.shapes.add_table(len(rows), len(portion.of.widths), left, top, width, height)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", title)  # noqa: SLF001 - no other way
    table: Any = frame.table
    table.first_row, table.horz_banding = True, False
    table._tbl.tblPr.find("{*}tableStyleId").text = _PLAIN  # noqa: SLF001
    for column, wide in zip(table.columns, portion.of.widths, strict=True):
        column.width = Pt(wide)
    for number, (row, piece) in enumerate(zip(table.rows, rows, strict=True)):
        row.height = Pt(piece.height + portion.stretch)
        for at, runs in enumerate(piece.cells):
            cell = table.cell(number, at)
            _write(cell, runs, portion.of.size, design)
            if portion.of.right[at]:
                cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
            _draw_line(cell, design, is_head=number == 0)


def _write(cell: Any, runs: Runs, size: float, design: Design) -> None:
    cell.margin_left = cell.margin_right = Pt(CELL)
    cell.margin_top = cell.margin_bottom = Pt(CELL_TOP)
    cell.vertical_anchor = MSO_VERTICAL_ANCHOR.MIDDLE
    paragraph = cell.text_frame.paragraphs[0]
    write(paragraph, runs, design, size, is_inked=True)
    # Without it, an empty cell is as high as the usual size of text.
    end = paragraph._p.get_or_add_endParaRPr()  # noqa: SLF001 - python-pptx does not set it
    end.attrib.update({"lang": design.say("kit.tag"), "sz": str(int(size * 100))})


def _draw_line(cell: Any, design: Design, *, is_head: bool) -> None:
    """Draw the line under a cell, and shade the head."""
    if is_head:
        cell.fill.solid()
        design.paint(cell.fill.fore_color, "shade")
    else:
        cell.fill.background()
    width = int(Pt(_HEAD_LINE if is_head else _ROW_LINE))
    line: Any = parse_xml(f'<a:ln {nsdecls("a")} w="{width}"/>')
    fill: Any = FillFormat.from_fill_parent(line)
    fill.solid()
    design.paint(fill.fore_color, "accent" if is_head else "line")
    line.tag = qn("a:lnB")
    cell._tc.get_or_add_tcPr().insert(0, line)  # noqa: SLF001 - python-pptx has no borders
