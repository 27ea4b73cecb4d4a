"""The documents of a plan: complete in every language, text as text, and never over an edit."""

import json
import re
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from command import Ran, Run
from markdown_it import MarkdownIt

from rse_plan.assessment import assess
from rse_plan.documents.kit.calendar import calendar
from rse_plan.documents.kit.catalogue import catalogue
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms import WRITERS
from rse_plan.documents.kit.page import page
from rse_plan.documents.kit.rendering import Subject, Wanted, file_name, rendered, wanted
from rse_plan.documents.kit.shelf import RECORD, Shelf
from rse_plan.documents.kit.workbook import workbook
from rse_plan.files import load, read_file
from rse_plan.language import Language, languages
from rse_plan.organisation import read_organisation
from rse_plan.organisation.model import UseCase
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import default_settings, scheduled
from rse_plan.plan.model import Plan, Site
from rse_plan.plan.timetable import timetable
from rse_plan.playbook import playbook_folder, read_playbook

EXAMPLES = Path(__file__).parents[1] / "examples"
INVENTED = EXAMPLES / "invented-28-sites"
READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
WEEK = timedelta(days=6)
HOSTILE = [
    "[link](javascript:alert(1))",
    "<script>alert(1)</script>",
    "=HYPERLINK(1)",
    "| cell | *bold* `code` <b>x</b>",
    "# 1. - title",
    "{{ 7 * 7 }} {% raw %} ${x}",
    "\u202ereversed",
    "emoji 👩🏽‍🚀 and é\u0301",
    "long " * 2000,
]


@cache
def dossier(code: str, name: str = "invented-28-sites", *, described: bool = True) -> Dossier:
    """Return what the documents of an example are filled from."""
    organisation = read_organisation(read_file(EXAMPLES / name / "org.yaml"))
    playbook = read_playbook(playbook_folder("core"), code)
    assessment = assess(organisation, playbook, organisation.as_of or _AS_OF)
    settings = default_settings(playbook, _START)
    plan = draft(organisation, assessment.standing, settings, Language(code), assessment.as_of)
    made = scheduled(timetable(plan), runs=20).plan
    return Dossier(made, playbook, Language(code), assessment if described else None)


_PLAN = load(Plan, read_file(INVENTED / "plan.yaml"))
_START, _AS_OF = _PLAN.settings.start, _PLAN.made_from.organisation_as_of


def documents(code: str) -> list[Wanted]:
    return list(wanted(dossier(code)))


def test_every_document_is_there_in_every_language() -> None:
    first, *others = languages()
    ids = [(one.id, one.per) for one in catalogue(first)]
    assert ids
    for code in others:
        assert [(one.id, one.per) for one in catalogue(code)] == ids


@pytest.mark.parametrize("code", languages())
def test_every_document_that_a_plan_calls_for_is_in_the_kit(code: str) -> None:
    plan = dossier(code).plan
    asked = {one.task.document for one in plan.placed} | {gate.document for gate in plan.gates}
    assert asked - {None} <= {one.id for one in catalogue(code)}


@pytest.mark.parametrize("described", [True, False])
@pytest.mark.parametrize("name", ["invented-28-sites", "neovia", "klm"])
@pytest.mark.parametrize("code", languages())
def test_every_document_is_filled_whatever_is_known(code: str, name: str, described: bool) -> None:
    found = dossier(code, name, described=described)
    for one in wanted(found):
        text = rendered(one, found)
        assert text.startswith("# ")
        assert text.count("\n# ") == 0
        assert not re.search(r"\bNone\b|[{}]|\n{4}", text), one.stem
        heads = re.findall(r"^(\|.*\|)\n\|:?-", text, re.MULTILINE)
        assert not [head for head in heads if re.search(r"\|\s*\|", head)], one.stem


@pytest.mark.parametrize("code", languages())
def test_titles_give_names_that_are_safe_and_different(code: str) -> None:
    stems = [one.stem for one in documents(code)]
    assert len(set(stems)) == len(stems)
    assert all(re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)?", stem) for stem in stems)
    assert file_name("Été 2026 : l'œuvre") == "ete-2026-l-uvre"
    assert file_name("…") == "document"


def text_of(markdown: str) -> str:
    """Return the text of Markdown, as a third-party reader sees it."""
    return "\n".join(
        "".join(one.content for one in token.children or () if one.type in {"text", "code_inline"})
        for token in READER.parse(markdown)
    )


def test_french_has_its_no_break_spaces_and_english_has_none() -> None:
    for one in documents("fr"):
        text = text_of(rendered(one, dossier("fr")))
        assert re.findall(r".{20} [:;!?%»]|« .{20}", text) == [], one.stem
    for one in documents("en"):
        text = text_of(rendered(replaced(one), replaced_dossier()))
        # Sources are cited by the titles that they have.
        for source in dossier("en").playbook.sources.values():
            text = text.replace(source.title or "\0", "")
        assert re.findall(r".{0,30}[\u00a0\u202f][:;!?%»]|«.{0,30}", text) == [], one.stem


def replaced(one: Wanted) -> Wanted:
    """Take the same document of a plan that says nothing in French."""
    subjects: dict[str, Subject] = {
        "programme": None,
        "site": replaced_dossier().plan.sites[0],
        "use-case": UseCase(id="ask", title="Ask who knows"),
    }
    return Wanted(one.template, subjects[one.template.per])


@cache
def replaced_dossier() -> Dossier:
    return dossier("en", "neovia")


@pytest.mark.parametrize("code", languages())
def test_dates_of_a_site_kit_are_those_of_the_plan(code: str) -> None:
    found = dossier(code)
    form = {"fr": r"\d\d/\d\d/\d{4}", "en": r"\d{1,2} [A-Z][a-z]{2} \d{4}"}[code]
    for one in documents(code):
        if one.template.id == "site-kit" and isinstance(one.subject, Site):
            spans = [found.spans[task.task.id] for task in found.tasks(site=one.subject)]
            days = {found.in_figures(day) for span in spans for day in (span.start, span.end)}
            days |= {
                found.in_figures(day)
                for closed in one.subject.blackouts
                for day in (closed.start, closed.end)
            }
            said = set(re.findall(form, rendered(one, found)))
            assert said
            assert said <= days


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_person_wrote_arrives_as_text(hostile: str) -> None:
    found = dossier("fr")
    site = found.plan.sites[1].model_copy(update={"name": hostile, "lead": hostile})
    sites = (found.plan.sites[0], site, *found.plan.sites[2:])
    other = Dossier(found.plan.changed(sites=sites), found.playbook, found.say)
    template = next(one for one in catalogue("fr") if one.id == "site-kit")
    text = rendered(Wanted(template, site), other)
    wanted_text = re.sub(r"\s+", " ", hostile).strip()
    assert wanted_text in re.sub(r"\s+", " ", text_of(text))
    shown = page(text, "x", "fr")
    assert "<script" not in shown
    assert 'href="javascript' not in shown


@pytest.mark.parametrize("code", languages())
def test_a_page_needs_nothing_else(code: str) -> None:
    for one in documents(code)[:8]:
        shown = WRITERS["html"](one, dossier(code)).decode()
        assert f'<html lang="{code}">' in shown
        assert shown.count("<h1>") == 1
        assert not re.search(r"<script|src=|url\(|@import|http", shown)


@pytest.mark.parametrize("code", languages())
def test_a_calendar_has_the_days_of_the_plan(code: str) -> None:
    icalendar = pytest.importorskip("icalendar")
    vobject = pytest.importorskip("vobject")
    found = dossier(code)
    plan = found.plan.changed(organisation=HOSTILE[3])
    text = calendar(Dossier(plan, found.playbook, found.say)).decode()
    read = vobject.readOne(text)
    assert HOSTILE[3] in read.contents["name"][0].value
    days = {one.uid.value.split("@")[0]: one.dtstart.value for one in read.vevent_list}
    assert len(days) == len(read.vevent_list)
    for gate in plan.gates:
        assert days[gate.id] == gate.date
    for site in plan.sites:
        assert days[f"{site.id}.launch"] == found.launch(site)
    ends = {one.dtend.value - one.dtstart.value for one in read.vevent_list}
    assert ends == {timedelta(days=1)}
    assert icalendar.Calendar.from_ical(text).errors == []
    titles = {one.summary.value for one in read.vevent_list}
    assert {found.say("kit.calendar.gate", title=gate.name) for gate in plan.gates} <= titles


@pytest.mark.parametrize("code", languages())
def test_a_workbook_has_the_tasks_and_dates_of_the_plan(code: str) -> None:
    pytest.importorskip("xlsxwriter")
    found = dossier(code)
    book = opened(workbook(found))
    tasks = book.worksheets[0]
    rows = {row[0]: row for row in tasks.iter_rows(min_row=5, max_col=9, values_only=True)}
    assert rows.keys() == {*found.placed, *found.gates}
    for name, span in found.spans.items():
        assert (rows[name][6].date(), rows[name][7].date()) == (span.start, span.end)
    weeks = [cell.value for cell in tasks[4][9:]]
    assert {day.weekday() for day in weeks} == {0}
    assert weeks[0].date() <= found.span.start <= found.span.end <= weeks[-1].date() + WEEK
    (rule,) = (one for each in tasks.conditional_formatting for one in each.rules)
    assert rule.formula == ["AND(ISNUMBER($G5),$G5<=J$4+6,$H5>=J$4)"]
    sheets = found.say.table("terms")["kit"]["workbook"]["sheets"]
    assert book.sheetnames == [*sheets.values()]
    assert workbook(found) == workbook(found)


@pytest.mark.parametrize(
    "hostile", [*HOSTILE, "@SUM(1)", "+1", "-1", "http://x.example", "x" * 40000]
)
def test_no_text_of_a_workbook_is_a_formula_or_a_link(hostile: str) -> None:
    pytest.importorskip("xlsxwriter")
    found = dossier("fr")
    risks = tuple(one.model_copy(update={"name": hostile}) for one in found.plan.risks[:2])
    book = opened(workbook(Dossier(found.plan.changed(risks=risks), found.playbook, found.say)))
    column = book["Risques"]["A"][4:]
    assert {cell.data_type for cell in column} == {"s"}
    assert [cell.hyperlink for cell in column] == [None] * len(column)
    assert "".join(cell.value for cell in column) == 2 * hostile


def test_totals_wait_for_every_price() -> None:
    pytest.importorskip("xlsxwriter")
    sheet = opened(workbook(dossier("fr")))["Budget"]
    budget = dossier("fr").plan.budget
    assert budget
    lines = len(budget.lines)
    formulas = [
        row[0] for row in sheet.iter_rows(min_row=5, min_col=5, max_col=5, values_only=True)
    ]
    assert formulas[0] == '=IF(OR(B5="",D5=""),"",B5*D5)'
    assert formulas[-1] == f'=IF(COUNT(E5:E{lines + 4})<{lines},"",SUM(E5:E{lines + 4}))'
    assert len(formulas) == lines + 1


def opened(content: bytes) -> Any:
    """Open a workbook with another library than wrote it."""
    return pytest.importorskip("openpyxl").load_workbook(BytesIO(content))


# ── The command ───────────────────────────────────────────────────────────────────────────────────

Make = Callable[..., Ran]


@pytest.fixture
def make(run: Run, here: Path) -> Make:
    """Render some documents of a plan into a folder."""
    (here / "plan.yaml").write_bytes((INVENTED / "plan.yaml").read_bytes())

    def made(*arguments: str) -> Ran:
        return run(
            "render", "plan.yaml", "-o", "out", "--only", "site-kit", "--only", "framing-note",
            *arguments,
        )  # fmt: skip

    return made


def test_documents_are_written_once(make: Make, here: Path) -> None:
    assert make().code == 0
    files = sorted(path for path in (here / "out").rglob("*") if path.is_file())
    assert len(files) == 2 * (1 + len(_PLAN.sites)) + 1
    was = {path: path.stat().st_mtime_ns for path in files}
    again = make()
    assert again.code == 0
    assert {path: path.stat().st_mtime_ns for path in files} == was


def test_a_calendar_is_one_file_of_the_whole_plan(
    make: Make, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("icalendar")
    assert make("--to", "ics").code == 0
    assert not (here / "out" / "calendrier.ics").exists()
    assert run("render", "plan.yaml", "-o", "out", "--to", "ics").code == 0
    assert (here / "out" / "calendrier.ics").is_file()
    monkeypatch.setitem(sys.modules, "icalendar", None)
    found = run("render", "plan.yaml", "-o", "other", "--to", "ics")
    assert (found.code, found.out) == (2, "")
    assert "rse-plan[office]" in found.err


def test_another_organisation_is_not_mixed_in(make: Make, here: Path) -> None:
    other = (EXAMPLES / "neovia" / "org.yaml").read_text(encoding="utf-8")
    (here / "org.yaml").write_text(other, encoding="utf-8")
    found = make()
    assert found.code == 0
    assert "Neovia" in found.err
    text = (here / "out" / "note-de-cadrage.md").read_text(encoding="utf-8")
    refused = make("--organisation", "org.yaml", "--force")
    assert (refused.code, refused.out) == (2, "")
    (here / "org.yaml").unlink()
    assert make("--force").code == 0
    assert (here / "out" / "note-de-cadrage.md").read_text(encoding="utf-8") == text
    own = (INVENTED / "org.yaml").read_text(encoding="utf-8")
    (here / "org.yaml").write_text(own, encoding="utf-8")
    assert "rse-plan plan --update" not in make().err
    changed = own.replace("Faire circuler", "Faire mieux circuler")
    (here / "org.yaml").write_text(changed, encoding="utf-8")
    assert "rse-plan plan --update" in make().err
    assert "is not in English" in make("--language", "en").err


def test_what_a_person_edited_is_left_alone_until_forced(make: Make, here: Path) -> None:
    make()
    path = here / "out" / "note-de-cadrage.md"
    path.write_text("Mine.\n", encoding="utf-8")
    assert make("--check").code == 0
    assert "-Mine." in make("--diff").out
    plan = here / "plan.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    checked = make("--check")
    assert checked.code == 1
    assert "note-de-cadrage.md" in checked.err
    assert "-Mine." in make("--diff").out
    left = make()
    assert left.code == 0
    assert "note-de-cadrage.md" in left.err
    assert path.read_text(encoding="utf-8") == "Mine.\n"
    assert make("--force").code == 0
    assert path.read_text(encoding="utf-8").startswith("# Note de cadrage")
    assert make("--check").code == 0


def test_a_lost_record_loses_no_edit(make: Make, here: Path) -> None:
    make()
    path = here / "out" / "note-de-cadrage.md"
    path.write_text("Mine.\n", encoding="utf-8")
    (here / "out" / RECORD).unlink()
    assert make().code == 0
    assert path.read_text(encoding="utf-8") == "Mine.\n"
    record = Shelf.read((here / "out" / RECORD).read_text(encoding="utf-8"))
    assert "note-de-cadrage.md" not in record.entries
    assert "note-de-cadrage.html" in record.entries


def test_a_record_that_cannot_be_read_stops_everything(make: Make, here: Path) -> None:
    make()
    for text in ("{", "[]", json.dumps({"schema": "rse-plan/documents/1", "files": {"a": {}}})):
        (here / "out" / RECORD).write_text(text, encoding="utf-8")
        found = make()
        assert (found.code, found.out) == (2, "")
        assert RECORD in found.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--to", "md,doc"), "doc"),
        (("--to", ","), "--to"),
        (("--only", "framing"), "framing"),
        (("--organisation", "nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_what_cannot_be_done_is_said(make: Make, arguments: tuple[str, ...], said: str) -> None:
    found = make(*arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
