"""Results to stdout or a file, everything else to stderr."""

import errno
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, TypeVar

from rse_plan.files import Diagnostic, lines_of
from rse_plan.files.reader import MAX_BYTES
from rse_plan.language import Language

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

Item = TypeVar("Item")

# With which code a command exits when all is not well.
FINDINGS, WRONG_USE, OUR_FAULT = 1, 2, 3

_HEARD: ContextVar[list[str] | None] = ContextVar("heard", default=None)

_WIDTH_WITHOUT_TERMINAL = 100
_MANY = 20


class WrongUseError(Exception):
    """Tell the user, in their language, what was asked for that cannot be done."""


def deliver(text: str, to: Path | None, language: Language, *, force: bool = False) -> None:
    """Print a result, or write it to a file; overwrite one only when forced."""
    if to is None:
        put(text)
        return
    # Path.exists fails on a text that is too long for a name.
    if os.path.exists(to) and not force:  # noqa: PTH110
        raise WrongUseError(language("errors.exists", path=to))
    write_file(to, f"{text.rstrip()}\n" if text else "", language)


def write_file(
    path: Path, content: str | bytes, language: Language, *, durable: bool = True
) -> None:
    """Write a file whole or not at all; raise WrongUseError when it cannot be written.

    When it is `durable`, no loss of power after this can take it away.
    """
    with _written(path, language):
        _replace(path.resolve(), content.encode() if isinstance(content, str) else content, durable)


def make_folder(path: Path, language: Language) -> None:
    """Make a folder, and those around it; raise WrongUseError when that cannot be."""
    with _written(path, language):
        path.mkdir(parents=True, exist_ok=True)


def require_room(path: Path, language: Language) -> None:
    """Raise WrongUseError where a file cannot be written, before others beside it are."""
    with _written(path, language):
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        temporary = _beside(path.resolve())
        temporary.touch()
        temporary.unlink()


@contextmanager
def _written(path: Path, language: Language) -> Iterator[None]:
    """Say in the user's words why a file cannot be written."""
    try:
        yield
    except OSError as error:
        reasons = language.table("terms")["errors"]["reasons"]
        name = errno.errorcode.get(error.errno or 0, "")
        reason = reasons.get(name) or error.strerror or str(error)
        raise WrongUseError(language("errors.unwritable", path=path, reason=reason)) from None


def put(text: str) -> None:
    """Print a result; nothing at all when it is empty."""
    text = text if not text or text.endswith("\n") else text + "\n"
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; a later flush must not fail again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        raise WrongUseError(str(error)) from None


def _replace(path: Path, content: bytes, durable: bool) -> None:
    """Write beside the file, then put it in its place, with the mode it had."""
    temporary = _beside(path)
    try:
        # Left by a process of that number that was killed.
        temporary.unlink(missing_ok=True)
        with temporary.open("xb") as file:
            file.write(content)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def speak_utf8() -> None:
    """Make every character writable, whatever the console's own encoding."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def draw(views: Sequence["RenderableType"], *, to_file: bool = False) -> str:
    """Render views to text: as wide as the terminal, coloured only for one."""
    from rich.console import Console  # noqa: PLC0415 - slow to import, and only text needs it

    terminal = sys.stdout.isatty() and not to_file
    console = Console(
        file=sys.stdout,
        width=None if terminal else _WIDTH_WITHOUT_TERMINAL,
        force_terminal=terminal,
        highlight=False,
        no_color=None if terminal else True,
        legacy_windows=False,
    )
    return "\n".join(line.rstrip() for line in _laid_out(views, console).split("\n"))


def show(view: "RenderableType") -> None:
    """Show a view on stderr, between the questions of a dialogue."""
    from rich.console import Console  # noqa: PLC0415 - slow to import

    sys.stderr.write(_laid_out([view], Console(stderr=True, highlight=False)))


def _laid_out(views: Sequence["RenderableType"], console: "Console") -> str:
    """Lay views out for a console, with an empty line between them."""
    from rse_plan.views.lines import released  # noqa: PLC0415 - slow to import

    with console.capture() as capture:
        for index, view in enumerate(views):
            if index:
                console.print()
            console.print(view)
    return released(capture.get())


def report(diagnostics: Iterable[Diagnostic], language: Language, text: str | None = None) -> None:
    """Say on stderr what is wrong with files: where, what, and how to mend it.

    A text is that of the one file, which may not be written.
    """
    if found := tuple(diagnostics):
        from rse_plan.documents.reports import Report, write  # noqa: PLC0415 - seldom needed

        colour = coloured(sys.stderr)
        shown = lines if text is None else lambda _: lines_of(text)
        _tell(write(Report(found, (), language, shown, colour=colour), "text"))


def coloured(stream: TextIO) -> bool:
    """Say whether to colour what is written to a stream (see no-color.org)."""
    dull = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not dull


@cache
def lines(path: str) -> list[str]:
    """Return the lines of a file to show beside a finding; none when it cannot be read.

    A pipe cannot be read again, and a device may have no end: their lines are not shown.
    """
    try:
        if not Path(path).is_file():
            return []
        with Path(path).open("rb") as file:
            return lines_of(file.read(MAX_BYTES).decode("utf-8-sig", errors="replace"))
    except (OSError, ValueError):
        return []


def tracked(items: Iterable[Item], total: int, label: str, language: Language) -> Iterable[Item]:
    """Give items one by one, showing progress on a terminal when they are many."""
    if total < _MANY or not sys.stderr.isatty():
        return items
    from rich.console import Console  # noqa: PLC0415 - only long work needs it
    from rich.progress import track  # noqa: PLC0415 - likewise

    return track(items, language(label), total, console=Console(stderr=True), transient=True)


@contextmanager
def watched(label: str, language: Language) -> Iterator[Callable[[float], None]]:
    """Give a function to be told what share of some work is done; it is shown on a terminal."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - only long work needs it
    from rich.progress import Progress  # noqa: PLC0415 - likewise

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(language(label), total=1)
        yield lambda share: shown.update(task, completed=share)


def warn(line: str) -> None:
    """Print a line to stderr."""
    _tell(line + "\n")


@contextmanager
def overheard() -> Iterator[list[str]]:
    """Collect what users are told on stderr meanwhile, who are told it all the same."""
    heard: list[str] = []
    before = _HEARD.set(heard)
    try:
        yield heard
    finally:
        _HEARD.reset(before)


def _tell(text: str) -> None:
    if (heard := _HEARD.get()) is not None:
        heard.append(text)
    sys.stderr.write(text)
