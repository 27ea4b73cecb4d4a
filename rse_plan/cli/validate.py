"""``rse-plan validate``: say what is wrong with files, for a person or for CI."""

import os
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from rse_plan.checks.validation import WORTH_A_PROCESS, Checked, check_content
from rse_plan.checks.validation import validate as check_files
from rse_plan.cli import output, settings
from rse_plan.cli.options import ForceOption, LanguageOption, OutputOption
from rse_plan.documents.reports import Format, Report, write
from rse_plan.files import UNREAD, Diagnostic, InvalidFileError, lines_of
from rse_plan.files.discovery import Found, find
from rse_plan.files.reader import MAX_BYTES
from rse_plan.files.resources import CORE
from rse_plan.language import Language

FailOn = Literal["error", "warning", "never"]

_STDIN = "-"
_FAILING = {"error": {"error"}, "warning": {"error", "warning"}, "never": set[str]()}
_GIVEN = {"COMMANDLINE", "ENVIRONMENT"}


def validate(  # noqa: PLR0913 - one parameter for each option
    context: typer.Context,
    paths: Annotated[list[str], typer.Argument(metavar="PATH...")],
    *,
    output_format: Annotated[
        Format,
        typer.Option(
            "--output-format",
            envvar=["RSE_PLAN_VALIDATE_OUTPUT_FORMAT", "RSE_PLAN_OUTPUT_FORMAT"],
        ),
    ] = "text",
    fail_on: Annotated[FailOn, typer.Option("--fail-on", envvar="RSE_PLAN_FAIL_ON")] = "error",
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="GLOB", envvar="RSE_PLAN_EXCLUDE")
    ] = None,
    stdin_filename: Annotated[str | None, typer.Option("--stdin-filename", metavar="FILE")] = None,
    playbook: Annotated[
        str | None, typer.Option("--playbook", metavar="DIR", envvar="RSE_PLAN_PLAYBOOK")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, metavar="N", envvar="RSE_PLAN_JOBS")
    ] = None,
    language: LanguageOption,
    to: OutputOption = None,
    force: ForceOption = False,
) -> None:
    """Check files of any kind; exit 1 for an error in one, 2 when there is nothing to check.

    A path that names nothing does not keep the other files from being checked.
    """
    source = context.get_parameter_source("playbook")
    given = playbook if source is not None and source.name in _GIVEN else None
    playbook_of = partial(_playbook_of, given=given, language=language)
    missing: list[Diagnostic] = []
    if _STDIN in paths:
        if len(paths) > 1:
            raise output.WrongUseError(language("errors.stdin_alone"))
        name = stdin_filename or "<stdin>"
        checked, lines = _check_stdin(name, playbook_of, language)
    else:
        found, missing = find(paths, exclude or ())
        checked, lines = _check(found, playbook_of, language, jobs), output.lines
    # A hook names files that a project may leave aside.
    left_aside = exclude and all(os.path.isfile(path) for path in paths)  # noqa: PTH113
    if not checked.paths and not left_aside:
        if missing:
            raise InvalidFileError(missing)
        raise output.WrongUseError(language("validate.nothing"))
    colour = to is None and output.coloured(sys.stdout)
    report = Report(checked.diagnostics, checked.paths, language, lines, colour=colour)
    output.deliver(write(report, output_format), to, language, force=force)
    if sys.stderr.isatty():
        _summarise(checked, language)
    if missing:
        raise InvalidFileError(missing)
    if any(one.code in UNREAD for one in checked.diagnostics):
        raise typer.Exit(output.WRONG_USE)
    if any(one.severity in _FAILING[fail_on] for one in checked.diagnostics):
        raise typer.Exit(output.FINDINGS)


def _check(
    found: list[Found], playbook_of: Callable[[Path], str], language: Language, jobs: int | None
) -> Checked:
    many = len(found) > WORTH_A_PROCESS
    usual = (os.cpu_count() or 1) if many else 1
    processes = min(jobs or usual, len(found))

    def tracked(files: Iterable[output.Item]) -> Iterable[output.Item]:
        return output.tracked(files, len(found), "validate.progress", language)

    return check_files(found, playbook_of, language.code, processes, tracked)


def _check_stdin(
    name: str, playbook_of: Callable[[Path], str], language: Language
) -> tuple[Checked, Callable[[str], list[str]]]:
    """Check what an editor sends, under the name of the file that it edits."""
    # A pipe may have no end.
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    checked = check_content(content, name, playbook_of, language.code)
    text = content.decode("utf-8-sig", errors="replace")
    return checked, lambda path: lines_of(text) if path == name else []


def _playbook_of(path: Path, given: str | None, language: Language) -> str:
    """Name the playbook that scores a file: the one given, else that of its project."""
    if given is not None:
        return given
    try:
        own = settings.above(path.parent, language).playbook or CORE
    except output.WrongUseError as wrong:
        values = {"reason": wrong}
        raise InvalidFileError([Diagnostic(str(path), "file-unreadable", values=values)]) from None
    # Its files are shown in the way that this one is named.
    return own if own == CORE or path.is_absolute() else os.path.relpath(own)


def _summarise(checked: Checked, language: Language) -> None:
    severities = [one.severity for one in checked.diagnostics]
    counts = {"errors": severities.count("error"), "warnings": severities.count("warning")}
    output.warn(language("validate.checked", files=len(checked.paths), **counts))
    if checked.foreign:
        output.warn(language("validate.foreign", count=checked.foreign))
