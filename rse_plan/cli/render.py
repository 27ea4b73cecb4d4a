"""``rse-plan render``: the documents of a plan, written around what people made of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from rse_plan import __version__
from rse_plan.assessment import Assessment
from rse_plan.cli import output
from rse_plan.cli.inputs import Settings, assess_document, read_settings
from rse_plan.cli.options import ForceOption, LanguageOption, PlaybookOption
from rse_plan.documents.kit.catalogue import catalogue
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms import READABLE, WHOLE, WRITERS
from rse_plan.documents.kit.rendering import Wanted, file_name, sources, wanted
from rse_plan.documents.kit.shelf import RECORD, Shelf, State, fingerprint
from rse_plan.files import load, read_file
from rse_plan.files.resources import CORE
from rse_plan.plan.draft import digest
from rse_plan.plan.model import Plan

_ORGANISATION = "org.yaml"
_BETWEEN = ","


def render(  # noqa: PLR0913 - one parameter for each option
    plan: Annotated[Path, typer.Argument(metavar="PLAN")],
    *,
    to: Annotated[Path, typer.Option("--output", "-o", metavar="DIR")],
    forms: Annotated[str, typer.Option("--to", metavar="FORMS")] = "md,html",
    only: Annotated[list[str] | None, typer.Option("--only", metavar="ID")] = None,
    organisation: Annotated[Path | None, typer.Option("--organisation", metavar="ORG")] = None,
    check: Annotated[bool, typer.Option("--check")] = False,
    diff: Annotated[bool, typer.Option("--diff")] = False,
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
    force: ForceOption = False,
) -> None:
    """Write the documents of a plan; exit 1 when a check finds one that is not current."""
    settings = read_settings(playbook, language)
    document = read_file(plan)
    read = load(Plan, document)
    if read.language != language.code:
        output.warn(language("render.other_language", path=plan))
    beside = plan.with_name(_ORGANISATION)
    assessment = None
    if organisation:
        assessment = _assessment(organisation, read, settings, is_asked=True)
    elif beside.is_file():
        assessment = _assessment(beside, read, settings, is_asked=False)
    dossier = Dossier(read, settings.playbook, language, assessment)
    folder = _Folder(to, _shelf(to, settings), _made_from(document.text, dossier))
    files = [*_files(dossier, _forms(forms, settings), only or ())]
    states = {file: folder.state(file) for file in files}
    if check or diff:
        _compare(folder, states, dossier, diff=diff)
    else:
        _write(folder, states, dossier, force=force)


@dataclass(frozen=True)
class _File:
    """A document in one form, or the whole plan."""

    stem: str
    form: str
    document: Wanted | None = None

    @property
    def path(self) -> str:
        """Where it stands in the folder."""
        return f"{self.stem}.{self.form}"

    def content(self, dossier: Dossier) -> bytes:
        """Fill it; raise WrongUseError when a package is not installed."""
        try:
            if self.document is None:
                return WHOLE[self.form][1](dossier)
            return WRITERS[self.form](self.document, dossier)
        except ModuleNotFoundError:
            raise output.WrongUseError(dossier.say("errors.extra", extra="office")) from None


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

    def state(self, file: _File) -> State:
        """Say what a file is."""
        return self.shelf.state(file.path, self.made_from, self.there(file))

    def is_current(self, file: _File) -> bool:
        """Say whether a file was made from what there is now, whatever became of it since."""
        entry = self.shelf.entries.get(file.path)
        return entry is not None and entry.made_from == self.made_from


def _assessment(path: Path, plan: Plan, settings: Settings, *, is_asked: bool) -> Assessment | None:
    """Assess the organisation that a plan was made from; another one is no use to its documents."""
    say = settings.language
    dated = replace(settings, as_of=plan.made_from.organisation_as_of)
    found = assess_document(read_file(path), dated)
    if digest(found.organisation) == plan.made_from.organisation_digest:
        return found
    if found.organisation.name != plan.organisation:
        names = {"path": path, "was": plan.organisation, "now": found.organisation.name}
        if is_asked:
            raise output.WrongUseError(say("render.other_organisation", **names))
        output.warn(say("render.left_aside", **names))
        return None
    output.warn(say("render.changed_organisation", path=path))
    return found


def _made_from(plan: str, dossier: Dossier) -> str:
    """Return a fingerprint of all that documents are filled from."""
    found = dossier.assessment
    facts = "" if found is None else f"{digest(found.organisation)} {found.as_of}"
    code, playbook = dossier.say.code, dossier.playbook
    parts = (__version__, code, playbook.name, playbook.version, facts, sources(code), plan)
    return fingerprint("\n".join(parts).encode())


def _shelf(folder: Path, settings: Settings) -> Shelf:
    """Read the record of a folder; without one, every file there is somebody's own."""
    path = folder / RECORD
    if not path.is_file():
        return Shelf()
    try:
        return Shelf.read(path.read_text(encoding="utf-8"))
    except (ValueError, TypeError, KeyError):
        raise output.WrongUseError(settings.language("render.bad_record", path=path)) from None


def _forms(said: str, settings: Settings) -> list[str]:
    """Read the forms that are asked for."""
    found = list(dict.fromkeys(form.strip() for form in said.split(_BETWEEN) if form.strip()))
    if not found:
        listed = settings.language.listed([*WRITERS, *WHOLE])
        raise output.WrongUseError(settings.language("render.which_form", forms=listed))
    if unknown := [form for form in found if form not in WRITERS and form not in WHOLE]:
        listed = settings.language.listed([*WRITERS, *WHOLE])
        message = settings.language("render.no_form", form=unknown[0], forms=listed)
        raise output.WrongUseError(message)
    return found


def _files(dossier: Dossier, forms: Sequence[str], only: Sequence[str]) -> Iterator[_File]:
    """List the files that are asked for; those of the whole plan unless only some documents are."""
    for one in _documents(dossier, only):
        yield from (_File(one.stem, form, one) for form in forms if form in WRITERS)
    for form in forms:
        if form in WHOLE and not only:
            yield _File(file_name(dossier.say(WHOLE[form][0])), form)


def _documents(dossier: Dossier, only: Sequence[str]) -> list[Wanted]:
    """List the documents that are asked for, by their ids."""
    known = [template.id for template in catalogue(dossier.say.code)]
    for name in only:
        if name not in known:
            listed = dossier.say.listed(known)
            raise output.WrongUseError(dossier.say("render.no_document", id=name, ids=listed))
    return [one for one in wanted(dossier) if not only or one.template.id in only]


def _compare(folder: _Folder, states: dict[_File, State], dossier: Dossier, *, diff: bool) -> None:
    """Say which files are not what they would be written as now, and how they differ."""
    stale = False
    for file, state in states.items():
        if state == "current":
            continue
        content = file.content(dossier)
        there = folder.there(file) or b""
        if content == there:
            continue
        is_stale = state != "edited" or not folder.is_current(file)
        stale |= is_stale
        if diff and file.form in READABLE:
            output.put(_difference(there, content, folder.path / file.path))
        elif is_stale:
            output.warn(dossier.say(f"render.{state}", path=folder.path / file.path))
    if stale:
        raise typer.Exit(output.FINDINGS)


def _difference(there: bytes, content: bytes, path: Path) -> str:
    was, now = (
        part.decode(errors="replace").splitlines(keepends=True) for part in (there, content)
    )
    return "".join(unified_diff(was, now, str(path), str(path)))


def _write(folder: _Folder, states: dict[_File, State], dossier: Dossier, *, force: bool) -> None:
    """Write what is new or outdated, and what somebody edited only when forced."""
    say, shelf = dossier.say, folder.shelf
    due = [
        file
        for file, state in states.items()
        if state in {"new", "outdated"}
        or (state == "edited" and (force or not folder.is_current(file)))
    ]
    kept = []
    for file in output.tracked(due, len(due), "render.progress", say):
        content = file.content(dossier)
        path = folder.path / file.path
        if states[file] == "edited" and folder.there(file) != content and not force:
            kept.append(file)
            continue
        output.make_folder(path.parent, say)
        output.write_file(path, content, say)
        shelf = shelf.with_file(file.path, folder.made_from, content)
    if shelf != folder.shelf:
        output.write_file(folder.path / RECORD, shelf.text().encode(), say)
    for file in kept:
        output.warn(say("render.edited", path=folder.path / file.path))
    count = len(due) - len(kept)
    output.warn(say("render.written", count=count, number=say.number(count), path=folder.path))
