"""Fill templates that are not ours in a process of its own, with limits.

The sandbox keeps a template from Python; the process keeps one that never ends, or that grows
without end, from the rest, and has neither the network nor files besides its own. What goes in is
ours; what comes back is read as JSON, nothing else.
"""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import TemplateError

from rse_plan.documents.kit.catalogue import ENDING, TemplateFaultError
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.rendering import Wanted, rendered
from rse_plan.files.resources import shipped

SECONDS = 60
_MEMORY = 2 << 30
_MOST_TEXT = 64 << 20
_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "ctypes.",
)
# What Python reads while it works: its modules, and Babel's formats.
_CODE = {".py", ".pyc", ".so", ".pyd", ".dat"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def rendered_apart(
    documents: Sequence[tuple[Wanted, Dossier]], templates: Path, seconds: float = SECONDS
) -> list[str]:
    """Fill documents, templates of a folder before ours; raise TemplateFaultError."""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter
            # -P: nothing in the folder where the user happens to be is imported.
            [sys.executable, "-P", "-m", __name__, str(int(seconds))],
            input=pickle.dumps((documents, templates)),
            capture_output=True,
            check=False,
            timeout=seconds * 2,
        )
    except subprocess.TimeoutExpired as expired:
        raise TemplateFaultError(_last(expired.stderr, templates), None, None) from None
    try:
        said = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise TemplateFaultError(_last(done.stderr, templates), None, None) from None
    if "fault" in said:
        raise TemplateFaultError(*said["fault"])
    texts: list[str] = said["texts"]
    return texts


def _last(progress: bytes | None, templates: Path) -> str:
    """Return the template at which a process stopped: it names each before it fills it."""
    named = (progress or b"").decode(errors="replace").splitlines()
    return next((line for line in reversed(named) if line.endswith(ENDING)), templates.name)


def _limit(seconds: int) -> None:
    """Take away time, memory and the means to write, where the system can."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ModuleNotFoundError:
        return
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: _MEMORY,
        resource.RLIMIT_FSIZE: 0,
    }
    for limit, most in limits.items():
        resource.setrlimit(limit, (most, most))


def _shut_in(templates: Path) -> None:
    """Refuse all writing, and every file but templates, our texts, and Python's code and data."""
    roots = [templates.resolve(), shipped("templates").resolve()]
    code = [Path(one).resolve() for one in (*sys.path, sys.prefix, sys.base_prefix) if one]

    def is_ours(path: Path) -> bool:
        folders = [*roots, *code] if path.suffix in _CODE else roots
        return any(path.is_relative_to(folder) for folder in folders)

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_REFUSED):
            raise PermissionError(event)
        if event == "open" and isinstance(arguments[0], str | bytes):
            path = Path(os.path.realpath(os.fsdecode(arguments[0])))
            if arguments[2] & _WRITING or not is_ours(path):
                raise PermissionError(str(path))

    sys.addaudithook(refuse)


def _main() -> None:
    _limit(int(sys.argv[1]))
    documents, templates = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our parent
    for say in {dossier.say for _, dossier in documents}:
        # Babel looks for the time zone of the machine when it first reads names of months.
        _ = say.locale.months
    _shut_in(templates)
    sys.stdout.write(json.dumps(_filled(documents, templates)))


def _filled(documents: Sequence[tuple[Wanted, Dossier]], templates: Path) -> dict[str, object]:
    """Fill documents; return their texts, or the first fault."""
    texts: list[str] = []
    for document, dossier in documents:
        name = document.template.name
        sys.stderr.write(f"{name}\n")
        sys.stderr.flush()
        try:
            texts.append(rendered(document, dossier, templates))
        except (MemoryError, OverflowError, RecursionError):
            return {"fault": (name, None, None)}
        except TemplateError as error:
            where = getattr(error, "name", None) or name
            return {"fault": (where, _line(error), str(error))}
        except Exception as error:  # noqa: BLE001 - a template can make any fail
            return {"fault": (name, _line(error), f"{type(error).__name__}: {error}")}
        if sum(map(len, texts)) > _MOST_TEXT:
            return {"fault": (name, None, None)}
    return {"texts": texts}


def _line(error: BaseException) -> int | None:
    """Return the line of a template at which something failed."""
    line: int | None = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


if __name__ == "__main__":
    _main()
