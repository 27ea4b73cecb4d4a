"""``rse-plan render``: the documents of a plan, written around what people made of them."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Annotated, TypeVar

import typer

from rse_plan import __version__
from rse_plan.checks.brand import brand_findings
from rse_plan.checks.plan import plan_findings
from rse_plan.cli import output
from rse_plan.cli.inputs import Settings, read_described, read_settings
from rse_plan.cli.options import ForceOption, LanguageOption, PlaybookOption
from rse_plan.documents.kit.catalogue import TemplateFaultError, catalogue
from rse_plan.documents.kit.charts import CHARTS, chart
from rse_plan.documents.kit.look import (
    BRAND,
    TEMPLATES,
    Look,
    UnusablePartError,
    file_of,
    read_look,
    unknown_parts,
)
from rse_plan.documents.kit.manuscript import CHARTS_FOLDER
from rse_plan.documents.kit.material import Material
from rse_plan.documents.kit.press import (
    DECK,
    DECK_FORM,
    DRAWING,
    FORMS,
    PLAN_FORMS,
    READABLE,
    Press,
)
from rse_plan.documents.kit.rendering import Wanted, file_name, sources, wanted
from rse_plan.documents.kit.shelf import RECORD, Shelf, State, fingerprint
from rse_plan.files import InvalidFileError, load, read_file
from rse_plan.files.resources import CORE
from rse_plan.language import Language, languages
from rse_plan.organisation import Organisation
from rse_plan.organisation.brand import Brand
from rse_plan.plan.draft import digest
from rse_plan.plan.model import Plan
from rse_plan.playbook import Playbook, playbook_folder, read_playbook

_ORGANISATION = "org.yaml"
_BETWEEN = ","
# Seconds between two savings of the record.
_SAVING = 1.0
_DRAWS_CHARTS = ("altair", "vl_convert")
# Threads besides one for each processor, for what waits for the disk.
_WAITING = 2

Result = TypeVar("Result")


def render(  # noqa: PLR0913 - one parameter for each option
    plan: Annotated[Path, typer.Argument(metavar="PLAN")],
    *,
    to: Annotated[Path, typer.Option("--output", "-o", metavar="DIR")],
    forms: Annotated[str, typer.Option("--to", metavar="FORMS")] = "md,html",
    only: Annotated[list[str] | None, typer.Option("--only", metavar="ID")] = None,
    organisation: Annotated[Path | None, typer.Option("--organisation", metavar="ORG")] = None,
    brand: Annotated[Path | None, typer.Option("--brand", metavar="DIR")] = None,
    check: Annotated[bool, typer.Option("--check")] = False,
    diff: Annotated[bool, typer.Option("--diff")] = False,
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
    force: ForceOption = False,
) -> None:
    """Write the documents of a plan; exit 1 when a check finds one that is not current."""
    with _faults(brand, language):
        settings = read_settings(playbook, language)
        asked = _forms(forms, language)
        look = Look() if brand is None else _look(brand, language)
        document = read_file(plan)
        read = load(Plan, document)
        if faults := [one for one in plan_findings(document, read) if one.severity == "error"]:
            raise InvalidFileError(faults)
        described = _organisation(plan, organisation, read, settings)
        material = Material(read, _playbooks(playbook, settings), described, _can_draw(language))
        if material.is_mixed(language.code):
            output.warn(language("render.other_language", path=plan))
        press = Press(material.dossier(language.code), look, material.dossier)
        documents = _documents(press, material, only or ())
        rules = _texts_of(playbook_folder(playbook))
        made_from = _made_from(document.text, rules, material, press)
        folder = _Folder(to, _shelf(to, language), made_from)
        files = [*_files(press, documents, asked, only or ())]
        states = {file: folder.state(file) for file in files}
        orphans = [] if only else [*_orphans(folder, files, asked, press)]
        for path in orphans:
            output.warn(language("render.orphan", path=path))
        if not (check or diff):
            _write(folder, states, press, force=force)
        elif _compare(folder, states, press, diff=diff) or orphans:
            raise typer.Exit(output.FINDINGS)


@contextmanager
def _faults(brand: Path | None, language: Language) -> Iterator[None]:
    """Say in the user's words what is wrong with a brand, or which extra is not there."""
    try:
        yield
    except TemplateFaultError as fault:
        raise output.WrongUseError(_said(fault, language)) from None
    except UnusablePartError as fault:
        path = file_of(brand or Path(), fault.part)
        raise output.WrongUseError(language("render.unusable_part", path=path)) from None
    except ModuleNotFoundError:
        raise output.WrongUseError(language("errors.extra", extra="office")) from None
    except OSError as error:
        reason = error.strerror or str(error)
        names = {"path": error.filename or brand or "", "reason": reason}
        raise output.WrongUseError(language("errors.unreadable", **names)) from None


def _playbooks(name: str, settings: Settings) -> Callable[[str], Playbook]:
    """Return what reads the playbook in a language, each once."""
    ours = settings.language.code

    @cache
    def read(code: str) -> Playbook:
        return settings.playbook if code == ours else read_playbook(playbook_folder(name), code)

    return read


@dataclass(frozen=True)
class _File:
    """A document or a chart in one form, or the whole plan."""

    stem: str
    form: str
    ending: str
    document: Wanted | None = None

    @property
    def path(self) -> str:
        """Where it stands in the folder."""
        return f"{self.stem}.{self.ending}"


@dataclass(frozen=True)
class _Folder:
    """The folder of the documents, its record, and what the documents are made from now."""

    path: Path
    shelf: Shelf
    made_from: str

    def there(self, file: _File) -> bytes | None:
        """Read a file, if it is there."""
        path = self.path / file.path
        return path.read_bytes() if path.is_file() else None

    def require_inside(self, path: Path, language: Language) -> None:
        """Raise WrongUseError where a link leads out of the folder."""
        try:
            is_inside = path.resolve().is_relative_to(self.path.resolve())
        except (OSError, RuntimeError):
            is_inside = False
        if not is_inside:
            raise output.WrongUseError(language("render.outside", path=path))

    def state(self, file: _File) -> State:
        """Say what a file is."""
        return self.shelf.state(file.path, self.made_from, self.there(file))

    def is_current(self, file: _File) -> bool:
        """Say whether a file was made from what there is now, whatever became of it since."""
        entry = self.shelf.entries.get(file.path)
        return entry is not None and entry.made_from == self.made_from


def _look(folder: Path, language: Language) -> Look:
    """Read a brand, and say what in it nothing reads."""
    if not folder.is_dir():
        raise output.WrongUseError(language("render.no_brand", path=folder))
    for path in unknown_parts(folder):
        output.warn(language("render.unknown_part", path=path))
    for path in sorted((folder / TEMPLATES).glob("*")):
        if path.name not in languages():
            output.warn(language("render.unknown_part", path=path))
    if (folder / BRAND).is_file():
        document = read_file(folder / BRAND)
        output.report(brand_findings(document, load(Brand, document)), language)
    return read_look(folder)


def _organisation(
    plan: Path, asked: Path | None, read: Plan, settings: Settings
) -> Organisation | None:
    """Read the organisation that a plan was made from; another one is no use to its documents."""
    path = asked or plan.with_name(_ORGANISATION)
    if asked is None and not path.is_file():
        return None
    say = settings.language
    found = read_described(read_file(path), settings)
    if digest(found) == read.made_from.organisation_digest:
        return found
    if found.name != read.organisation:
        names = {"path": path, "was": read.organisation, "now": found.name}
        if asked:
            raise output.WrongUseError(say("render.other_organisation", **names))
        output.warn(say("render.left_aside", **names))
        return None
    output.warn(say("render.changed_organisation", path=path))
    return found


def _can_draw(language: Language) -> bool:
    """Say whether charts can be drawn, and warn when not."""
    can = all(find_spec(name) for name in _DRAWS_CHARTS)
    if not can:
        output.warn(language("kit.charts.absent"))
    return can


def _texts_of(folder: Path) -> bytes:
    """Return a playbook as one text, which changes when one of its files does."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*.yaml")))


def _made_from(plan: str, rules: bytes, material: Material, press: Press) -> str:
    """Return a fingerprint of all that documents are filled from."""
    dossier, look = press.dossier, press.look
    facts = "" if material.organisation is None else digest(material.organisation)
    codes = {dossier.say.code, *material.site_languages}
    drawn = f"{dossier.draws}{replace(look, templates=None)}"
    parts = (__version__, dossier.say.code, facts, drawn, plan)
    texts = [sources(code, look.templates) for code in sorted(codes)]
    return fingerprint(b"\n".join([*(part.encode() for part in parts), rules, *texts]))


def _shelf(folder: Path, language: Language) -> Shelf:
    """Read the record of a folder; without one, every file there is somebody's own."""
    path = folder / RECORD
    try:
        return Shelf.read(path.read_text(encoding="utf-8")) if path.exists() else Shelf()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise output.WrongUseError(language("render.bad_record", path=path)) from None


def _forms(said: str, language: Language) -> list[str]:
    """Read the forms that are asked for."""
    known = [*FORMS, *PLAN_FORMS]
    found = list(dict.fromkeys(form.strip() for form in said.split(_BETWEEN) if form.strip()))
    if not found:
        raise output.WrongUseError(language("render.which_form", forms=language.listed(known)))
    if unknown := [form for form in found if form not in known]:
        names = {"form": unknown[0], "forms": language.listed(known)}
        raise output.WrongUseError(language("render.no_form", **names))
    return found


def _documents(press: Press, material: Material, only: Sequence[str]) -> list[Wanted]:
    """List the documents that are asked for, by their ids."""
    say, templates = press.dossier.say, press.look.templates
    known = [template.id for template in catalogue(say.code, templates)]
    for name in only:
        if name not in known:
            raise output.WrongUseError(say("render.no_document", id=name, ids=say.listed(known)))
    found = wanted(press.dossier, material.site_languages, templates)
    return [one for one in found if not only or one.template.id in only]


def _files(
    press: Press, documents: Sequence[Wanted], forms: Sequence[str], only: Sequence[str]
) -> Iterator[_File]:
    """List the files that are asked for.

    Raise WrongUseError for a form of the whole plan when only some documents are asked for; the
    deck is one of them.
    """
    dossier = press.dossier
    say = dossier.say
    for one in documents:
        yield from (_File(one.stem, form, form, one) for form in forms if form in FORMS)
    if "md" in forms and dossier.draws:
        placed = {(one.language, name) for one in documents for name in one.template.charts}
        # What a template places and nothing draws is a fault, with its line, once it is filled.
        for code, name in sorted(placed):
            if name in CHARTS and chart(name, press.in_language(code)):
                yield _File(f"{CHARTS_FOLDER}/{code}/{name}", DRAWING, DRAWING)
    for form in forms:
        if form in PLAN_FORMS:
            if only and not (form == DECK_FORM and DECK in only):
                raise output.WrongUseError(say("render.whole_form", form=form))
            yield _File(file_name(say(PLAN_FORMS[form].name)), form, PLAN_FORMS[form].ending)


def _made(
    files: Sequence[_File], press: Press, then: Callable[[_File, bytes], Result]
) -> Iterator[tuple[_File, bytes, Result]]:
    """Make files and do something with each, several at once: others do most of the work."""
    press.set_up(list(dict.fromkeys(file.document for file in files if file.document)))

    def make(file: _File) -> tuple[_File, bytes, Result]:
        content = press.made(file.form, file.document, file.stem)
        return file, content, then(file, content)

    with ThreadPoolExecutor((os.cpu_count() or 1) + _WAITING) as workers:
        yield from workers.map(make, files)


def _orphans(
    folder: _Folder, files: Sequence[_File], forms: Sequence[str], press: Press
) -> Iterator[Path]:
    """List what was written for sites and use cases that are no longer there."""
    found = catalogue(press.dossier.say.code, press.look.templates)
    places = {file_name(template.title) for template in found if template.per != "programme"}
    here = {file.path for file in files}
    for path in sorted(folder.shelf.entries.keys() - here):
        place, _, name = path.partition("/")
        is_asked = name.rpartition(".")[2] in forms
        if place in places and is_asked and (folder.path / path).is_file():
            yield folder.path / path


def _compare(folder: _Folder, states: dict[_File, State], press: Press, *, diff: bool) -> bool:
    """Say which files are not what they would be written as now, and how they differ.

    Return whether there are any, besides those that somebody edited since.
    """
    stale, say = False, press.dossier.say
    others = [file for file, state in states.items() if state != "current"]
    for file, content, there in _made(others, press, lambda file, _: folder.there(file) or b""):
        state = states[file]
        if content == there:
            continue
        is_stale = state != "edited" or not folder.is_current(file)
        stale |= is_stale
        if diff and file.form in READABLE:
            output.put(_difference(there, content, folder.path / file.path))
        elif is_stale:
            output.warn(say(f"render.{state}", path=folder.path / file.path))
    return stale


def _difference(there: bytes, content: bytes, path: Path) -> str:
    was, now = (
        part.decode(errors="replace").splitlines(keepends=True) for part in (there, content)
    )
    return "".join(unified_diff(was, now, str(path), str(path)))


def _write(folder: _Folder, states: dict[_File, State], press: Press, *, force: bool) -> None:
    """Write what is new or outdated, and what somebody edited only when forced."""
    say = press.dossier.say
    due = [
        file
        for file, state in states.items()
        if state in {"new", "outdated"}
        or (state == "edited" and (force or not folder.is_current(file)))
    ]
    kept: list[_File] = []
    written = _Written(folder, say)

    def put(file: _File, content: bytes) -> bool:
        """Write a file, unless somebody edited it; the disk is waited for by several at once."""
        path = folder.path / file.path
        folder.require_inside(path, say)
        # Somebody may have edited it since the first look.
        if folder.state(file) == "edited" and folder.there(file) != content and not force:
            return False
        output.make_folder(path.parent, say)
        output.write_file(path, content, say)
        return True

    folder.require_inside(folder.path / RECORD, say)
    made = _made(due, press, put)
    try:
        for file, content, is_written in output.tracked(made, len(due), "render.progress", say):
            if is_written:
                written.note(file, content)
            else:
                kept.append(file)
    finally:
        written.save()
    for file in kept:
        output.warn(say("render.edited", path=folder.path / file.path))
    count = len(due) - len(kept)
    output.warn(say("render.written", count=count, number=say.number(count), path=folder.path))


@dataclass
class _Written:
    """What a run has written so far, noted in the record while it goes on.

    A run that is stopped then knows what it wrote. Another run may have noted its own meanwhile.
    """

    folder: _Folder
    language: Language
    contents: dict[str, bytes] = field(default_factory=dict)
    saved_at: float = field(default_factory=monotonic)

    def note(self, file: _File, content: bytes) -> None:
        """Note a file, and save the record from time to time."""
        self.contents[file.path] = content
        if monotonic() - self.saved_at > _SAVING:
            self.save()

    def save(self) -> None:
        """Lay what was written over the record that is there."""
        if not self.contents:
            return
        shelf = _shelf(self.folder.path, self.language)
        for path, content in self.contents.items():
            shelf = shelf.with_file(path, self.folder.made_from, content)
        output.write_file(self.folder.path / RECORD, shelf.text().encode(), self.language)
        self.contents.clear()
        self.saved_at = monotonic()


def _said(fault: TemplateFaultError, language: Language) -> str:
    """Say where a template cannot be filled, and why."""
    where = fault.name if fault.line is None else f"{fault.name}:{fault.line}"
    if fault.problem is None:
        return language("render.template_limit", where=where)
    return language("render.template_fault", where=where, problem=fault.problem)
