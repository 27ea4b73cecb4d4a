"""Find the files that people mean: files, folders, patterns, less what is excluded, playbooks."""

import glob
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from rse_plan.files.diagnostic import Diagnostic, InvalidFileError
from rse_plan.files.reader import MAX_BYTES, read_file
from rse_plan.files.resources import CORE, shipped

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
# In a folder, files are ours by their name or because they state a kind.
_OUR_NAMES = re.compile(r"org\.ya?ml|.+\.rse-plan\.(ya?ml|json)")
# A value of a key `kind`, wherever it stands: JSON may be one long line.
_STATED_KIND = re.compile(rb"(?<![\w.-])kind[\"']?\s*:\s*[\"']?([^\s\"'#,{}\[\]]*)")
# Kubernetes, and what is modelled on it, states a kind as well, of an API.
_API_VERSION = re.compile(rb"^[ \t]*(?:\{[ \t]*)?[\"']?apiVersion[\"']?[ \t]*:", re.MULTILINE)
_PATTERN = frozenset("*?[")
# The file that makes a folder a playbook.
PLAYBOOK = "playbook.yaml"


class Found(NamedTuple):
    """A file, and whether it was named or stood in a folder that was."""

    path: Path
    named: bool


def find(paths: Iterable[str], exclude: Sequence[str] = ()) -> tuple[list[Found], list[Diagnostic]]:
    """List the files that paths name, each once, in order; a folder stands for ours below it.

    Beside them come the paths and patterns that name nothing, and the folders that stay closed.
    """
    patterns = [Path(pattern) for pattern in exclude if Path(pattern).parts]
    found: list[Found] = []
    faults: list[Diagnostic] = []
    for path in paths:
        named = list(_named(path))
        if not named:
            faults.append(Diagnostic(path, "file-not-found"))
        for one in named:
            if _excluded(one, patterns):
                continue
            if one.is_dir():
                found += (Found(inner, named=False) for inner in _below(one, patterns, faults))
            else:
                found.append(Found(one, named=True))
    once: dict[str, Found] = {}
    for file in sorted(found, key=lambda file: not file.named):
        once.setdefault(real_path(file.path), file)
    return sorted(once.values()), faults


def real_path(path: Path | str) -> str:
    """Return where a path leads; what is no path stays as it is, for its reader to refuse."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return str(path)


def is_named_ours(path: Path) -> bool:
    """Say whether a file is ours by its name, whatever it holds."""
    return bool(_OUR_NAMES.fullmatch(path.name))


def stated_kinds(path: Path) -> list[str]:
    """List what a file gives as kinds, of itself or of a part, without reading it as YAML."""
    return [kind.decode(errors="replace") for kind in _STATED_KIND.findall(_content(path))]


def _named(path: str) -> Iterator[Path]:
    if os.path.exists(path):  # noqa: PTH110 - Path.exists fails on a name that is too long
        yield Path(path)
    elif _PATTERN & set(path):
        # Path.glob takes no absolute pattern.
        for one in map(Path, glob.glob(path, recursive=True)):  # noqa: PTH207
            if one.is_dir() or one.is_file():
                yield one


def _below(folder: Path, exclude: Sequence[Path], faults: list[Diagnostic]) -> Iterator[Path]:
    """Walk a folder, past what is hidden, excluded, or elsewhere by a link."""

    def closed(error: OSError) -> None:
        values = {"reason": error.strerror}
        faults.append(Diagnostic(str(error.filename), "file-unreadable", values=values))

    for place, folders, names in os.walk(folder, onerror=closed):
        here = Path(place)

        def wanted(name: str, here: Path = here) -> bool:
            return not name.startswith(".") and not _excluded(here / name, exclude)

        folders[:] = sorted(filter(wanted, folders))
        for path in map(here.joinpath, sorted(filter(wanted, names))):
            if path.suffix in SUFFIXES and _is_ours(path):
                yield path


def _is_ours(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        if is_named_ours(path):
            return True
        content = _content(path)
    except OSError:
        # Whoever reads it says why it cannot be read.
        return True
    foreign = b"apiVersion" in content and _API_VERSION.search(content)
    return not foreign and bool(_STATED_KIND.search(content))


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES)


def _excluded(path: Path, exclude: Sequence[Path]) -> bool:
    """Say whether a pattern matches a path, its end, or a folder above it, seen from here."""
    if not exclude:
        return False
    whole = path.absolute()
    here = Path.cwd()
    seen = whole.relative_to(here) if whole.is_relative_to(here) else path
    return any(
        _matches((whole if pattern.is_absolute() else seen).parts, ("**", *pattern.parts, "**"))
        for pattern in exclude
    )


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Say whether the parts of a path are those of a pattern, ``**`` standing for any number."""
    if not pattern:
        return not parts
    first, rest = pattern[0], pattern[1:]
    if first == "**" and rest[:1] == ("**",):
        return _matches(parts, rest)
    if first == "**":
        return any(_matches(parts[start:], rest) for start in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], first) and _matches(parts[1:], rest)


def playbook_folder(name: str) -> Path:
    """Return the folder of the core playbook, or the one that a path names or whose file it is."""
    if name == CORE:
        return shipped("playbooks") / CORE
    path = Path(name)
    return path.parent if path.name == PLAYBOOK else path


def lineage(folder: Path) -> Iterator[Path]:
    """Give a folder and those it extends, as far as they can be read."""
    seen: set[str] = set()
    while real_path(folder) not in seen:
        seen.add(real_path(folder))
        try:
            says = read_file(folder / PLAYBOOK).data
        except InvalidFileError:
            return
        yield folder
        parent = says.get("extends") if isinstance(says, dict) else None
        if not isinstance(parent, str):
            return
        folder = extended(folder, parent)


def extended(folder: Path, extends: str) -> Path:
    """Return the folder that another one extends."""
    return playbook_folder(extends) if extends == CORE else folder / extends
