"""No word of one language in what is written in the other, in every form."""

import re
from functools import cache
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from kits import AS_OF, START, core, text_of

from rse_plan.assessment import assess
from rse_plan.documents.kit.charts import CHARTS, chart
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms.calendar import calendar
from rse_plan.documents.kit.forms.project import project
from rse_plan.documents.kit.forms.workbook import workbook
from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.rendering import rendered, wanted
from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import default_settings, scheduled
from rse_plan.plan.timetable import timetable

# Words that stand in almost every sentence of one language, and in none of the other.
COMMON = {
    "fr": r"le|les|des|du|une|est|sont|dans|pour|avec|qui|que|au|aux|ce|cette|par|sur|pas|et",
    "en": r"the|of|is|are|with|for|which|that|this|by|from|not|and|be|have|has|their|when",
}
# Names that are the same in every language.
NAMES = ["IT for Business", "Workplace by Meta", "Code du travail"]
# A company that says nothing but names, which are of no language.
FACTS = {
    "kind": "organisation",
    "name": "Xylo",
    "headcount": 900,
    "countries": ["FR"],
    "languages": ["fr", "en"],
    "employer": {"type": "private"},
    "sites": [
        {"id": "a", "name": "Alpha", "country": "FR", "headcount": 500, "headquarters": True},
        {"id": "b", "name": "Beta", "country": "DE", "headcount": 400, "local_lead": "A. Zed"},
    ],
    "use_cases": [{"id": "ask", "title": "Zeta", "problem": "Zeta", "population": "Zeta"}],
    "means": {"team": [{"role": "community-manager", "people": 1.0, "days_per_week": 3.0}]},
}


@cache
def plain_dossier(code: str) -> Dossier:
    """Plan a company of which nothing is said in any language."""
    organisation = Organisation.model_validate(FACTS)
    assessment = assess(organisation, core(code), AS_OF)
    settings = default_settings(core(code), START)
    plan = draft(organisation, assessment.standing, settings, Language(code), AS_OF)
    made = scheduled(timetable(plan), runs=5).plan
    return Dossier(made, core(code), Language(code), assessment)


def foreign(code: str, text: str) -> list[str]:
    """List the places where a text has common words of another language, save in what it cites."""
    sources = core(code).sources.values()
    cited = [part for one in sources for part in (one.title, one.author, one.publisher) if part]
    for name in sorted([*NAMES, *cited], key=len, reverse=True):
        text = text.replace(name, "")
    others = "|".join(words for other, words in COMMON.items() if other != code)
    return re.findall(rf"[^.\n]{{0,30}}(?<![\w-])(?:{others})(?![\w-])[^.\n]{{0,30}}", text)


@pytest.mark.parametrize("code", languages())
def test_documents_are_in_one_language(code: str) -> None:
    found = plain_dossier(code)
    assert {
        one.template.id: foreign(code, text_of(rendered(one, found))) for one in wanted(found)
    } == {one.template.id: [] for one in wanted(found)}


@pytest.mark.parametrize("code", languages())
def test_charts_are_in_one_language(code: str) -> None:
    for name in CHARTS:
        found = chart(name, plain_dossier(code))
        assert found
        assert foreign(code, f"{found.title}. {found.description}") == []


@pytest.mark.parametrize("code", languages())
def test_a_deck_is_in_one_language(code: str) -> None:
    pptx = pytest.importorskip("pptx")
    made = pptx.Presentation(BytesIO(Press(plain_dossier(code)).made("pptx", None, "deck")))
    texts = [
        paragraph.text
        for slide in made.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
    ]
    assert texts
    assert foreign(code, "\n".join(texts)) == []


@pytest.mark.parametrize("code", languages())
def test_a_calendar_is_in_one_language(code: str) -> None:
    icalendar = pytest.importorskip("icalendar")
    made = icalendar.Calendar.from_ical(calendar(plain_dossier(code)))
    texts = [f"{one['summary']}\n{one['description']}" for one in made.walk("VEVENT")]
    assert texts
    assert foreign(code, "\n".join(texts)) == []


@pytest.mark.parametrize("code", languages())
def test_a_workbook_is_in_one_language(code: str) -> None:
    pytest.importorskip("xlsxwriter")
    book = pytest.importorskip("openpyxl").load_workbook(
        BytesIO(workbook(plain_dossier(code), Look()))
    )
    texts = [
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, str) and not cell.startswith("=")
    ]
    assert foreign(code, "\n".join(texts)) == []


@pytest.mark.parametrize("code", languages())
def test_a_project_is_in_one_language(code: str) -> None:
    root = ET.fromstring(project(plain_dossier(code)))  # noqa: S314 - written by us
    texts = [one.text or "" for one in root.iter() if one.tag.endswith(("}Name", "}Notes"))]
    assert foreign(code, "\n".join(texts)) == []
