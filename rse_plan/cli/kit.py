"""The documents of a plan as `render` makes them: what is read for them, and where they go."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TypeVar

from rse_plan.checks.plan import plan_findings
from rse_plan.cli import output
from rse_plan.cli.inputs import Settings, read_described, read_settings
from rse_plan.documents.kit.artist import Draw
from rse_plan.documents.kit.brand import file_of
from rse_plan.documents.kit.catalogue import TemplateFaultError, catalogue
from rse_plan.documents.kit.forms import FORMS, MADE_BESIDE
from rse_plan.documents.kit.look import Look, UnusablePartError
from rse_plan.documents.kit.manuscript import CHARTS_FOLDER
from rse_plan.documents.kit.material import Material
from rse_plan.documents.kit.press import (
    DECK,
    DECK_FORM,
    DRAWING,
    PLAN_FORMS,
    READABLE,
    Press,
)
from rse_plan.documents.kit.rendering import Wanted, file_name, wanted
from rse_plan.documents.kit.shelf import RECORD, Shelf, State, content_at
from rse_plan.documents.kit.sources import Source, Sources
from rse_plan.files import InvalidFileError, load
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import digest
from rse_plan.plan.model import Plan
from rse_plan.playbook import Playbook, playbook_folder, read_playbook

# Seconds between two savings of the record.
_SAVING = 1.0
# Threads besides one for each processor, for what waits for the disk.
_WAITING = 2

Result = TypeVar("Result")


@contextmanager
def faults(brand: Path | None, language: Language) -> Iterator[None]:
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


def _said(fault: TemplateFaultError, language: Language) -> str:
    """Say where a template cannot be filled, and why."""
    where = fault.name if fault.line is None else f"{fault.name}:{fault.line}"
    if fault.problem is None:
        return language("render.template_limit", where=where)
    return language("render.template_fault", where=where, problem=fault.problem)


def read_kit(  # noqa: PLR0913 - one parameter for each thing that is asked
    sources: Sources,
    to: Path,
    language: Language,
    *,
    forms: Sequence[str],
    only: Sequence[str],
    named: bool,
    draw: Draw,
) -> "Kit":
    """Read what documents are made from; say what in it is doubtful.

    `named` says whether the user named the organisation. Raise InvalidFileError for what cannot be
    read, and for a plan with errors.
    """
    # Before they are read, so that what changes meanwhile is noticed.
    made_from = sources.fingerprint
    settings = read_settings(sources.playbook, language)
    asked = _forms(forms, language)
    look = Look()
    if sources.brand is not None:
        from rse_plan.cli.brand import read_brand  # noqa: PLC0415 - seldom there

        look = read_brand(sources.brand, language)
    document = sources.plan.document()
    plan = load(Plan, document)
    if errors := [one for one in plan_findings(document, plan) if one.severity == "error"]:
        raise InvalidFileError(errors)
    described = _organisation(sources.organisation, plan, settings, named=named)
    if not sources.draws:
        output.warn(language("kit.charts.absent"))
    playbooks = _playbooks(sources.playbook, settings)
    material = Material(plan, playbooks, described, sources.draws)
    if material.is_mixed(language.code):
        output.warn(language("render.other_language", path=sources.plan.path))
    press = Press(material.dossier(language.code), look, material.dossier, draw)
    documents = _documents(press, material, only)
    folder = _Folder(to, Shelf.at(to), made_from)
    states = {file: folder.state(file) for file in _files(press, documents, asked, only)}
    noted = [] if only else [*_uncalled_for(folder, [*states], asked, press)]
    orphans = [path for path in noted if (to / path).is_file()]
    for path in orphans:
        output.warn(language("render.orphan", path=to / path))
    gone = [path for path in noted if path not in orphans]
    return Kit(folder, press, states, orphans, gone)


def _playbooks(name: str, settings: Settings) -> Callable[[str], Playbook]:
    """Return what reads the playbook in a language, each once."""
    ours = settings.language.code

    @cache
    def read(code: str) -> Playbook:
        return settings.playbook if code == ours else read_playbook(playbook_folder(name), code)

    return read


def _organisation(
    source: Source | None, plan: Plan, settings: Settings, *, named: bool
) -> Organisation | None:
    """Read the organisation that a plan was made from; another one is no use to its documents."""
    if source is None:
        return None
    path, say = source.path, settings.language
    found = read_described(source.document(), settings)
    if digest(found) == plan.made_from.organisation_digest:
        return found
    if found.name != plan.organisation:
        names = {"path": path, "was": plan.organisation, "now": found.name}
        if named:
            raise output.WrongUseError(say("render.other_organisation", **names))
        output.warn(say("render.left_aside", **names))
        return None
    output.warn(say("render.changed_organisation", path=path))
    return found


def _forms(said: Sequence[str], language: Language) -> list[str]:
    """Return the forms that are asked for, each once."""
    known = [*FORMS, *PLAN_FORMS]
    found = list(dict.fromkeys(filter(None, said)))
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

    @property
    def charts(self) -> tuple[tuple[str, str], ...]:
        """The charts that it waits for, by language and name; there may be none of a name."""
        if self.form == DRAWING:
            _, code, name = self.stem.split("/")
            return ((code, name),)
        return self.document.charts if self.document else ()


@dataclass(frozen=True)
class _Folder:
    """The folder of the documents, its record, and what the documents are made from now."""

    path: Path
    shelf: Shelf
    made_from: str

    def there(self, file: _File) -> bytes | None:
        """Read a file, if it is there."""
        return content_at(self.path / file.path)

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
        return self.shelf.is_for(self.made_from, file.path)


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
        # What a template places and nothing draws is a fault, with its line, once it is filled.
        for code, name in press.charts(documents):
            yield _File(f"{CHARTS_FOLDER}/{code}/{name}", DRAWING, DRAWING)
    for form in forms:
        if form in PLAN_FORMS:
            if only and not (form == DECK_FORM and DECK in only):
                raise output.WrongUseError(say("render.whole_form", form=form))
            yield _File(file_name(say(PLAN_FORMS[form].name)), form, PLAN_FORMS[form].ending)


def _uncalled_for(
    folder: _Folder, files: Sequence[_File], forms: Sequence[str], press: Press
) -> Iterator[str]:
    """List what was written for sites and use cases that are no longer there."""
    found = catalogue(press.dossier.say.code, press.look.templates)
    places = {file_name(template.title) for template in found if template.per != "programme"}
    here = {file.path for file in files}
    for path in sorted(folder.shelf.entries.keys() - here):
        place, _, name = path.partition("/")
        if place in places and name.rpartition(".")[2] in forms:
            yield path


@dataclass(frozen=True)
class Kit:
    """The files that are asked for, what each is now, and what nothing calls for any more.

    `orphans` are still there, `gone` are only in the record.
    """

    folder: _Folder
    press: Press
    states: Mapping[_File, State]
    orphans: Sequence[str]
    gone: Sequence[str]

    def with_edits_kept(self) -> "Kit":
        """Let what somebody edited stay as it is until the plan changes again, and note so.

        What is as it would be written was not edited: its record was lost.
        """
        folder, say = self.folder, self.press.dossier.say
        edited = [
            file
            for file, state in self.states.items()
            if state == "edited" and not folder.is_current(file)
        ]
        folder.require_inside(folder.path / RECORD, say)
        shelf, count = Shelf.at(folder.path), 0
        for file, content, there in self._made(edited, lambda file, _: folder.there(file)):
            if content == there:
                shelf = shelf.with_file(file.path, folder.made_from, content)
            else:
                shelf = shelf.with_kept(file.path, folder.made_from)
                count += 1
        if edited:
            _save(folder.path, shelf, say)
        output.warn(say("render.kept", count=count, number=say.number(count), path=folder.path))
        kept = replace(folder, shelf=shelf)
        states = {file: kept.state(file) for file in self.states}
        return replace(self, folder=kept, states=states)

    def differs(self, *, diff: bool) -> bool:
        """Say which files are not what they would be written as now, and how they differ.

        Return whether there are any, besides those that somebody edited since.
        """
        folder, say = self.folder, self.press.dossier.say
        stale = bool(self.orphans)
        others = [file for file, state in self.states.items() if state != "current"]
        for file, content, there in self._made(others, lambda file, _: folder.there(file) or b""):
            state = self.states[file]
            if content == there:
                continue
            is_stale = state != "edited" or not folder.is_current(file)
            stale |= is_stale
            if diff and file.form in READABLE:
                output.put(_difference(there, content, folder.path / file.path))
            elif is_stale:
                output.warn(say(f"render.{state}", path=folder.path / file.path))
        return stale

    def write(self, *, force: bool) -> int:
        """Write what is new or outdated, and what somebody edited only when forced; count it."""
        folder, say = self.folder, self.press.dossier.say
        due = [
            file
            for file, state in self.states.items()
            if state in {"new", "outdated"}
            or (state == "edited" and (force or not folder.is_current(file)))
        ]
        kept: list[_File] = []
        written = _Written(folder, say)

        def put(file: _File, content: bytes) -> bool:
            """Write a file, unless somebody edited it; several at once wait for the disk."""
            path = folder.path / file.path
            folder.require_inside(path, say)
            # Somebody may have edited it since the first look.
            if folder.state(file) == "edited" and folder.there(file) != content and not force:
                return False
            output.make_folder(path.parent, say)
            # It can be made again.
            output.write_file(path, content, say, durable=False)
            return True

        folder.require_inside(folder.path / RECORD, say)
        made = self._made(due, put)
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
        return len(due) - len(kept)

    def settle(self, asked: str) -> None:
        """Note that what was asked left nothing to do, unless another run wrote meanwhile."""
        folder = self.folder
        shelf = Shelf.at(folder.path)
        entries = {path: one for path, one in shelf.entries.items() if path not in self.gone}
        noted = (entries.get(file.path) for file in self.states)
        made_from = {one and one.made_from for one in noted}
        if made_from == {folder.made_from}:
            # It only spares the next run its time.
            with suppress(output.WrongUseError):
                settled = Shelf(entries).as_settled(asked, folder.made_from)
                _save(folder.path, settled, self.press.dossier.say)

    def _made(
        self, files: Sequence[_File], then: Callable[[_File, bytes], Result]
    ) -> Iterator[tuple[_File, bytes, Result]]:
        """Make files and do something with each, several at once where others do the work."""
        press = self.press
        documents = list(dict.fromkeys(file.document for file in files if file.document))
        if press.dossier.draws:
            press.begin(documents)
        press.set_up(documents)

        def make(file: _File) -> tuple[_File, bytes, Result]:
            content = press.made(file.form, file.document, file.stem)
            return file, content, then(file, content)

        # While charts are drawn come those without, then each as soon as it may have its own.
        drawn = {one: place for place, one in enumerate(press.charts(documents))}
        ordered = sorted(
            files, key=lambda file: max((drawn.get(one, -1) for one in file.charts), default=-1)
        )
        if any(file.form in MADE_BESIDE for file in files):
            with ThreadPoolExecutor((os.cpu_count() or 1) + _WAITING) as workers:
                yield from workers.map(make, ordered)
        else:
            yield from map(make, ordered)


def _save(folder: Path, shelf: Shelf, language: Language) -> None:
    output.write_file(folder / RECORD, shelf.text().encode(), language)


def _difference(there: bytes, content: bytes, path: Path) -> str:
    was, now = (
        part.decode(errors="replace").splitlines(keepends=True) for part in (there, content)
    )
    return "".join(unified_diff(was, now, str(path), str(path)))


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
        shelf = Shelf.at(self.folder.path)
        for path, content in self.contents.items():
            shelf = shelf.with_file(path, self.folder.made_from, content)
        _save(self.folder.path, shelf, self.language)
        self.contents.clear()
        self.saved_at = monotonic()
