"""Slides as PowerPoint's own shapes: placeholders, texts, tables and charts that can be edited."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_AUTO_SIZE, MSO_VERTICAL_ANCHOR
from pptx.slide import Slide as Made
from pptx.slide import SlideLayout
from pptx.util import Cm, Emu, Pt

from rse_plan.documents.kit.forms.deck.design import (
    Design,
    placeholders,
    room_of,
    title_of,
    title_size,
)
from rse_plan.documents.kit.forms.deck.flow import BOX, Area, Portion
from rse_plan.documents.kit.forms.deck.measure import BOLD, LINE, lines, shortened
from rse_plan.documents.kit.forms.deck.native import draw_chart
from rse_plan.documents.kit.forms.deck.pages import Page, Placed, pages, single
from rse_plan.documents.kit.forms.deck.slides import (
    Block,
    Paragraph,
    Picture,
    Run,
    Slide,
    Table,
    Text,
    line_of,
)
from rse_plan.documents.kit.forms.deck.tables import draw_table
from rse_plan.documents.kit.forms.deck.words import write, write_pieces

_TITLE_SIZES = (40, 36, 32, 28, 26, 24, 22, 20, 18)
_FOOT_SIZES = (10, 9, 8)
_FEET = {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER}
_MARK_ROOM = " (000/000)"
_BORDER = 1.5
_LOGO_HEIGHT, _LOGO_MARGIN = Cm(1.4), Cm(1.2)
_NAMELESS = "–"


@dataclass
class Pen:
    """A deck that grows slide by slide, in a design."""

    design: Design
    foot: str
    _titles: set[str] = field(default_factory=set)

    def draw(self, slide: Slide) -> None:
        """Draw a slide, on several where it does not fit on one, each with a title of its own."""
        layout = self.design.cover if slide.is_cover else self.design.page
        title, is_whole = self._headline(slide.title or line_of(self.foot) or _NAMELESS, layout)
        blocks: tuple[Block, ...] = slide.blocks
        if not is_whole:
            blocks = (Text((Paragraph((Run(slide.title, bold=True),)),)), *blocks)
        found = self._pages(blocks, is_cover=slide.is_cover)
        for number, page in enumerate(found, start=1):
            mark = f" ({number}/{len(found)})" if len(found) > 1 else ""
            self._page(self._unique(title, mark), page, layout if number == 1 else self.design.page)

    def place_logo(self, logo: bytes) -> None:
        """Place a logo on the cover, at the top right; a client's template has its own."""
        presentation = self.design.presentation
        picture = presentation.slides[0].shapes.add_picture(
            BytesIO(logo), 0, _LOGO_MARGIN, height=_LOGO_HEIGHT
        )
        width: int = presentation.slide_width or 0
        picture.left = Emu(width - picture.width - _LOGO_MARGIN)
        # A decoration: the cover names the organisation.
        picture._element.nvPicPr.cNvPr.set("descr", "")  # noqa: SLF001 - no other way

    def _headline(self, title: str, layout: SlideLayout) -> tuple[str, bool]:
        """Shorten a title that no size makes fit; say whether it is whole."""
        area = room_of(title_of(layout))
        size = min(_TITLE_SIZES[-1], title_size(layout))
        most = max(int(area.height / (size * LINE)), 1)
        wide = size * self.design.wide * BOLD
        if len(lines((Run(title + _MARK_ROOM),), wide, area.width)) <= most:
            return title, True
        short = shortened(title, wide, area.width, most)
        return short[: -len(_MARK_ROOM) - 1].rstrip() + "…", False

    def _pages(self, blocks: Sequence[Block], *, is_cover: bool) -> list[Page]:
        """Lay out what stands under a title; what a cover has no room for follows it."""
        area, wide = self.design.area, self.design.wide
        if not is_cover:
            return pages(blocks, area, wide)
        fitting = (single(blocks, one, wide) for one in self.design.cover_areas)
        page = next((page for page in fitting if page is not None), None)
        if page is not None:
            return [page]
        return [(), *pages(blocks, area, wide)] if blocks else [()]

    def _unique(self, title: str, mark: str) -> str:
        """Tell a title by a number from those of other slides."""
        found, count = title + mark, 1
        while found in self._titles:
            count += 1
            found = f"{title} [{count}]{mark}"
        self._titles.add(found)
        return found

    def _page(self, title: str, page: Page, layout: SlideLayout) -> None:
        made = self.design.presentation.slides.add_slide(layout)
        self._write_title(made, title, layout)
        for placed in page:
            self._place(made, placed, title)
        for shape in list(made.placeholders):
            if not shape.has_text_frame or not shape.text_frame.text:
                shape._element.getparent().remove(shape._element)  # noqa: SLF001 - no other way
        self._write_feet(made, layout)

    def _write_title(self, made: Made, title: str, layout: SlideLayout) -> None:
        shape: Any = made.shapes.title
        usual, area = title_size(layout), room_of(shape)
        wide = self.design.wide * BOLD
        sizes = [usual, *(size for size in _TITLE_SIZES if size < usual)]
        size = _largest(title, sizes, wide, area)
        own = None if size == usual else size
        write(shape.text_frame.paragraphs[0], (Run(title),), self.design, own)

    def _place(self, made: Made, placed: Placed, title: str) -> None:
        content = placed.content
        if isinstance(content, Picture):
            draw_chart(made, content, placed.area, self.design, title)
        elif isinstance(content.of.block, Table):
            draw_table(made, content, placed.area, self.design, title)
        else:
            self._text(made, content, placed.area, boxed=content.of.block.boxed)

    def _text(self, made: Made, portion: Portion, area: Area, *, boxed: bool) -> None:
        """Write a text into a cover's own place for it, else into a box of its own."""
        shape = None if boxed else _subtitle(made)
        if shape is None:
            shape = made.shapes.add_textbox(Pt(0), Pt(0), Pt(0), Pt(0))
        else:
            # It is read where it is seen, after what stands over it.
            made.shapes._spTree.append(shape._element)  # noqa: SLF001 - no other way
        left, top, width, height = (Pt(one) for one in vars(area).values())
        shape.left, shape.top, shape.width, shape.height = left, top, width, height
        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        frame.vertical_anchor = MSO_VERTICAL_ANCHOR.TOP
        margin = Pt(BOX if boxed else 0)
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = margin
        if boxed:
            shape.fill.solid()
            self.design.paint(shape.fill.fore_color, "shade")
            shape.line.width = Pt(_BORDER)
            shape.line.fill.solid()
            self.design.paint(shape.line.fill.fore_color, "accent")
        write_pieces(frame, portion, self.design, is_inked=boxed)

    def _write_feet(self, made: Made, layout: SlideLayout) -> None:
        """Add the foot and the number of the slide where the layout has a place for them."""
        for place in placeholders(layout, _FEET):
            element = deepcopy(place._element)  # noqa: SLF001 - python-pptx copies no feet
            element.spPr[:] = []
            tree = made.shapes._spTree  # noqa: SLF001
            element.nvSpPr.cNvPr.set("id", str(max(map(int, tree.xpath(".//p:cNvPr/@id"))) + 1))
            tree.append(element)
            shape: Any = made.shapes[-1]
            for words in element.xpath(".//a:rPr | .//a:endParaRPr"):
                words.set("lang", self.design.say("kit.tag"))
            if place.placeholder_format.type == PP_PLACEHOLDER.FOOTER:
                self._write_foot(shape)

    def _write_foot(self, shape: Any) -> None:
        area = replace(room_of(shape), height=shape.height.pt)
        wide, foot = self.design.wide, line_of(self.foot)
        size = _largest(foot, _FOOT_SIZES, wide, area)
        most = max(int(area.height / (size * LINE)), 1)
        shape.text_frame.clear()
        said = Run(shortened(foot, size * wide, area.width, most))
        write(shape.text_frame.paragraphs[0], (said,), self.design, size)


def _largest(text: str, sizes: Sequence[float], wide: float, area: Area) -> float:
    """Return the first size in which a text has room, else the last."""
    for size in sizes:
        if len(lines((Run(text),), size * wide, area.width)) * size * LINE <= area.height:
            return size
    return sizes[-1]


def _subtitle(made: Made) -> Any:
    """Return the empty place of a cover for its text; None elsewhere."""
    found = placeholders(made, {PP_PLACEHOLDER.SUBTITLE})
    return next((one for one in found if not one.text_frame.text), None)
