"""Decks of plans and of a few words, read back by python-pptx, and templates of clients."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

import pytest
from kits import PLAN, dossier

from rse_plan.documents.kit.charts import CHARTS
from rse_plan.documents.kit.charts import chart as chart_of
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms.deck import deck
from rse_plan.documents.kit.forms.styles import repacked
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.marks import Chart
from rse_plan.documents.kit.rendering import rendered, wanted
from rse_plan.language import Language

pptx: Any = pytest.importorskip("pptx")

DAY = PLAN.made_from.organisation_as_of
EXAMPLES = ["invented-28-sites", "neovia"]
FRENCH = {"title": "Diapositive de titre", "obj": "Titre et contenu", "titleOnly": "Titre seul"}
FR, EN = Language("fr"), Language("en")


def charts_of(found: Dossier) -> dict[str, Chart]:
    return {name: made for name in CHARTS if (made := chart_of(name, found))}


def markdown_of(found: Dossier) -> str:
    """Fill the template, and place every chart that it does not place itself."""
    text = rendered(next(one for one in wanted(found) if one.template.id == "steering-deck"), found)
    heads = iter(re.findall(r"^## .+$", text, re.MULTILINE)[2:])
    for name in charts_of(found):
        if f"charts/{name}.svg" not in text:
            head = next(heads)
            text = text.replace(head, f"{head}\n\n![See {name}](charts/{name}.svg)", 1)
    return text


def deck_of(found: Dossier, look: Look | None = None) -> bytes:
    text, charts = markdown_of(found), charts_of(found)
    return deck(text, charts, look or Look(), "Foot – 2026", found.say, DAY)


@cache
def example(code: str, name: str) -> bytes:
    return deck_of(dossier(code, name))


def simple(text: str, look: Look | None = None, say: Language = FR) -> Any:
    return opened(deck(text, {}, look or Look(), "Foot", say, DAY))


def opened(content: bytes) -> Any:
    return pptx.Presentation(BytesIO(content))


def words_of(presentation: Any) -> str:
    """Read all text of a deck: of shapes, tables, and what stands for charts."""
    return "".join(word for slide in presentation.slides for word in words_on(slide))


def words_on(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        elif shape.has_table:
            yield from (cell.text for cell in shape.table.iter_cells())
        if shape.has_chart:
            yield told(shape, "descr")


def told(shape: Any, name: str) -> str:
    """Return the title or the description that stands for a shape."""
    return str(shape._element.xpath(f".//p:cNvPr/@{name}")[0])  # noqa: SLF001


def charts_in(presentation: Any) -> list[Any]:
    return [one for slide in presentation.slides for one in slide.shapes if one.has_chart]


def titles_of(presentation: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in presentation.slides]


def off_slide(presentation: Any) -> list[str]:
    """List the shapes that leave the slide, or that touch each other."""
    found = []
    wide, high = presentation.slide_width, presentation.slide_height
    for slide in presentation.slides:
        edges = [
            (one.left, one.top, one.left + one.width, one.top + one.height) for one in slide.shapes
        ]
        for number, (left, top, right, bottom) in enumerate(edges):
            if left < 0 or top < 0 or right > wide or bottom > high:
                found.append(f"{slide.shapes.title.text} {number}")
            found += [
                f"{slide.shapes.title.text} {number} {other}"
                for other in edges[number + 1 :]
                if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            ]
    return found


def client(*kinds: str, sample: bool = True) -> bytes:
    """Make a template with few layouts under French names, and sample slides."""
    presentation = pptx.Presentation()
    for layout in list(presentation.slide_layouts):
        kind = layout._element.get("type")  # noqa: SLF001
        if kind in kinds:
            layout.name = FRENCH.get(kind, "Autre")
        else:
            presentation.slide_layouts.remove(layout)
    presentation.core_properties.author = "Agency"
    for layout in presentation.slide_layouts if sample else ():
        made = presentation.slides.add_slide(layout)
        made.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "SAMPLE"
    found = BytesIO()
    presentation.save(found)
    return found.getvalue()


def changed(content: bytes, part: str, was: bytes, now: bytes) -> bytes:
    return repacked(content, {part: lambda said: said.replace(was, now)})


TYPES = "[Content_Types].xml"


def template(content: bytes) -> bytes:
    return changed(content, TYPES, b"presentation.main+xml", b"template.main+xml")
