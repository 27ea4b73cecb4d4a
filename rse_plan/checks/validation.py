"""Check files of any kind: their form, then every rule across their facts and files."""

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from rse_plan.checks.kinds import KINDS, PLAYBOOK_KINDS, Kind, model_of
from rse_plan.checks.organisation import check_organisation
from rse_plan.files import (
    START,
    Diagnostic,
    Document,
    InvalidFileError,
    closest,
    in_order,
    load,
    read_file,
)
from rse_plan.files.discovery import PLAYBOOK, Found, is_named_ours, real_path, stated_kinds
from rse_plan.files.reader import read_bytes
from rse_plan.files.suppression import suppress
from rse_plan.organisation import Organisation, read_organisation

if TYPE_CHECKING:
    from rse_plan.playbook import Playbook

# Another process has to import everything again: with fewer files that costs more than it brings.
WORTH_A_PROCESS = 500
# How far below the playbook's folder each kind of its files stands, where that is not in it.
_DEPTHS: dict[Kind, int] = {
    "factor": 1, "phase": 1,
    "factor-texts": 2, "playbook-texts": 2, "rollout-texts": 2, "phase-texts": 3,
}  # fmt: skip
# How much a strange file's kind has to look like one of ours to be taken for a slip.
_SURELY = 0.8

Findings = list[Diagnostic]
PlaybookOf = Callable[[Path], str]


@dataclass(frozen=True)
class Checked:
    """What is wrong with some files, which were ours to check, and how many were not."""

    diagnostics: Findings
    paths: tuple[str, ...]
    foreign: int = 0


@dataclass(frozen=True)
class FileChecked:
    """What is wrong with one file, and the folder of the playbook that it belongs to."""

    path: str
    diagnostics: Findings
    foreign: bool = False
    playbook: Path | None = None


def validate(
    found: Sequence[Found],
    playbook_of: PlaybookOf,
    language: str,
    jobs: int = 1,
    tracked: Callable[[Iterable[FileChecked]], Iterable[FileChecked]] = iter,
) -> Checked:
    """Check files in `jobs` processes; the answers of an organisation by the playbook it goes with.

    One file of a playbook has the whole playbook checked, because its files speak of each other.
    """
    check = partial(_check_file, playbook_of=playbook_of, language=language)
    if jobs > 1:
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - seldom worth it

        with ProcessPoolExecutor(jobs) as pool:
            files = list(tracked(pool.map(check, found, chunksize=1 + len(found) // (4 * jobs))))
    else:
        files = list(tracked(map(check, found)))
    playbooks = {real_path(file.playbook): file.playbook for file in files if file.playbook}
    diagnostics = chain(
        chain.from_iterable(file.diagnostics for file in files),
        chain.from_iterable(map(_check_catalogue, playbooks.values())),
    )
    paths = tuple(file.path for file in files if not file.foreign)
    return Checked(_once(diagnostics), paths, len(files) - len(paths))


def check_content(content: bytes, path: str, playbook_of: PlaybookOf, language: str) -> Checked:
    """Check the content of one file alone, such as an editor sends."""
    try:
        document = read_bytes(content, path)
        kind = _kind(document)
        diagnostics = _findings(document, kind, playbook_of, language)
    except InvalidFileError as invalid:
        diagnostics = invalid.diagnostics
    return Checked(_once(diagnostics), (path,))


def organisation_findings(
    document: Document, organisation: Organisation, answers: Iterable[Diagnostic] = ()
) -> Findings:
    """List what is wrong or doubtful in an organisation of the right form, less what it ignores."""
    found = [*document.warnings, *check_organisation(organisation, document), *answers]
    return suppress(document, in_order(found))


def _check_file(found: Found, playbook_of: PlaybookOf, language: str) -> FileChecked:
    name = str(found.path)
    required = found.named or is_named_ours(found.path)
    try:
        document = read_file(found.path)
    except InvalidFileError as invalid:
        if required or _may_be_ours(found.path):
            return FileChecked(name, invalid.diagnostics)
        return FileChecked(name, [], foreign=True)
    if not required and _foreign(document):
        return FileChecked(name, [], foreign=True)
    folder = None
    try:
        kind = _kind(document)
        folder = _playbook_folder(kind, found.path) if kind in PLAYBOOK_KINDS else None
        if folder is None:
            return FileChecked(name, _findings(document, kind, playbook_of, language))
        load(model_of(kind), document)
    except InvalidFileError as invalid:
        return FileChecked(name, invalid.diagnostics, playbook=folder)
    return FileChecked(name, [], playbook=folder)


def _may_be_ours(path: Path) -> bool:
    """Say whether a file that cannot be read in full states a kind of ours, or nearly."""
    try:
        return any(closest(kind, KINDS, _SURELY) for kind in stated_kinds(path))
    except OSError:
        return True


def _foreign(document: Document) -> bool:
    """Say whether a document gives no kind of ours, nor one that may be meant for one."""
    data = document.data
    return not isinstance(data, dict) or closest(str(data.get("kind")), KINDS, _SURELY) is None


def _kind(document: Document) -> Kind:
    """Return the kind of a document; raise InvalidFileError when there is none of its name."""
    data = document.data
    if not isinstance(data, dict):
        raise InvalidFileError([_shape(document, "expected-mapping", field="", found=data)])
    found = data.get("kind")
    if kind := next((one for one in KINDS if one == found), None):
        return kind
    meant = closest(str(found), KINDS)
    code = "missing-kind" if found is None else "unknown-kind"
    allowed = ", ".join(KINDS)
    raise InvalidFileError([_shape(document, code, meant, found=found, wanted=allowed)])


def _shape(document: Document, code: str, meant: str | None = None, **values: object) -> Diagnostic:
    span = document.span(("kind",)) if ("kind",) in document else START
    return Diagnostic(document.path, code, span, values=values, suggestion=meant)


def _findings(document: Document, kind: Kind, playbook_of: PlaybookOf, language: str) -> Findings:
    if kind == "brand":
        from rse_plan.checks.brand import brand_findings  # noqa: PLC0415 - seldom asked
        from rse_plan.organisation.brand import Brand  # noqa: PLC0415 - likewise

        return suppress(document, [*brand_findings(document, load(Brand, document))])
    if kind in PLAYBOOK_KINDS:
        load(model_of(kind), document)
        # What its comments ignore may be found in the whole playbook only.
        return list(document.warnings)
    if kind == "plan":
        from rse_plan.checks.plan import plan_findings  # noqa: PLC0415 - imports the playbook
        from rse_plan.plan.model import Plan  # noqa: PLC0415 - likewise

        return plan_findings(document, load(Plan, document))
    organisation = read_organisation(document)
    answers: Findings = []
    if organisation.answers or organisation.playbook:
        from rse_plan.checks.answers import check_answers  # noqa: PLC0415 - imports the playbook

        playbook = _playbook(playbook_of(Path(document.path)), language)
        answers = check_answers(organisation, document, playbook)
    return organisation_findings(document, organisation, answers)


@cache
def _playbook(name: str, language: str) -> "Playbook":
    from rse_plan.playbook import playbook_folder, read_playbook  # noqa: PLC0415 - seldom asked

    return read_playbook(playbook_folder(name), language)


def _playbook_folder(kind: Kind, path: Path) -> Path | None:
    """Return the folder of the playbook that a file is part of, by where its kind stands."""
    folder = Path(os.path.normpath(path.parent.joinpath(*[os.pardir] * _DEPTHS.get(kind, 0))))
    return folder if (folder / PLAYBOOK).is_file() else None


def _check_catalogue(folder: Path) -> Findings:
    from rse_plan.checks.catalogue import check_catalogue  # noqa: PLC0415 - imports the playbook

    return [replace(one, path=_from_here(one.path)) for one in check_catalogue(folder)]


def _from_here(path: str) -> str:
    """Return the shortest way to a file, as it is written when it is checked alone."""
    return path if Path(path).is_absolute() else os.path.relpath(path)


def _once(diagnostics: Iterable[Diagnostic]) -> Findings:
    """Sort findings, each once: a playbook is read once in each of its languages."""
    distinct = {
        (
            real_path(one.path),
            one.span,
            one.code,
            tuple(sorted(map(str, one.values.items()))),
        ): one
        for one in diagnostics
    }
    return in_order(distinct.values())
