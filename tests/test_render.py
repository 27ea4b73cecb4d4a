"""The documents of a plan: complete in every language, and text as text."""

import errno
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.util import cache_from_source
from pathlib import Path
from typing import NoReturn

import pytest
from jinja2 import Environment
from kits import HOSTILE, documents, dossier, text_of

from rse_plan.documents import render
from rse_plan.documents.kit.catalogue import catalogue
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.press import Press
from rse_plan.documents.kit.rendering import Subject, Wanted, file_name, rendered, wanted
from rse_plan.documents.render import sandbox
from rse_plan.language import NO_BREAK, languages
from rse_plan.organisation.model import UseCase
from rse_plan.plan.model import Site

NOTE = "kit/framing-note.md.j2"


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
    assert file_name("Con") not in {"con", "con."}
    assert len(file_name("x" * 300)) < 100


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
    return Wanted(one.template, "en", one.stem, subjects[one.template.per])


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
            said = set(re.findall(form, rendered(one, found).replace(NO_BREAK, " ")))
            assert said
            assert said <= days


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_person_wrote_arrives_as_text(hostile: str) -> None:
    found = dossier("fr")
    site = found.plan.sites[1].model_copy(update={"name": hostile, "lead": hostile})
    sites = (found.plan.sites[0], site, *found.plan.sites[2:])
    other = Dossier(found.plan.changed(sites=sites), found.playbook, found.say)
    template = next(one for one in catalogue("fr") if one.id == "site-kit")
    text = rendered(Wanted(template, "fr", "site", site), other)
    wanted_text = re.sub(r"\s+", " ", hostile).strip()
    assert wanted_text in re.sub(r"\s+", " ", text_of(text))
    press = Press(other, texts={"site": text})
    shown = press.made("html", Wanted(template, "fr", "site", site), "site").decode()
    assert "<script" not in shown
    assert 'href="javascript' not in shown


@pytest.mark.parametrize("code", languages())
def test_a_page_needs_nothing_else(code: str) -> None:
    for one in documents(code)[:8]:
        shown = Press(dossier(code)).made("html", one, one.stem).decode()
        assert f'<html lang="{code}">' in shown
        assert shown.count("<h1>") == 1
        assert not re.search(r"<script|src=|url\(|@import|http", shown)


# ── Compiled templates ────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a new environment of templates, and where it keeps those that it compiled."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    folder = Path(cache_from_source(render.__file__)).parent
    folder.mkdir(parents=True)
    sandbox.cache_clear()
    yield folder
    sandbox.cache_clear()


def test_a_template_is_compiled_once(compiled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = sandbox("fr").get_template(NOTE)
    assert len([*compiled.iterdir()]) == 1
    sandbox.cache_clear()
    with monkeypatch.context() as without:
        without.setattr(Environment, "compile", None)
        assert sandbox("fr").get_template(NOTE).debug_info == first.debug_info
        with pytest.raises(TypeError):
            sandbox("en").get_template(NOTE)


@pytest.mark.parametrize("spoilt", ["no folder", "no room", "not wanted"])
def test_documents_are_filled_where_no_template_can_be_kept(
    spoilt: str, compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if spoilt == "no folder":
        compiled.rmdir()
    elif spoilt == "no room":
        monkeypatch.setattr(tempfile, "NamedTemporaryFile", no_room)
    else:
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert sandbox("fr").get_template(NOTE).debug_info
    assert not [*compiled.glob("*")]


def no_room(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_nothing_is_kept_of_the_templates_of_a_client(compiled: Path, tmp_path: Path) -> None:
    assert sandbox("fr", tmp_path).get_template(NOTE).debug_info
    assert not [*compiled.iterdir()]
