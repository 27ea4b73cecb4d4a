"""``rse-plan init``: ask the playbook's questions, and write a commented ``org.yaml``."""

import errno
import inspect
import os
import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Annotated, Any

import typer

from rse_plan.checks.answers import check_answers
from rse_plan.checks.validation import organisation_findings
from rse_plan.cli import output
from rse_plan.cli.changes import changed
from rse_plan.cli.editors import schema_name, write_schema
from rse_plan.cli.inputs import Settings, read_settings, today
from rse_plan.cli.options import FACT, ForceOption, LanguageOption, PlaybookOption, fact_path
from rse_plan.files import Diagnostic, Document, InvalidFileError, read_file
from rse_plan.files.resources import CORE
from rse_plan.interview.answers import AnswerError, parsed, reasons, utf8
from rse_plan.interview.questions import Data, Interview, answer_form, outer_paths, with_fact
from rse_plan.interview.written import organisation_text
from rse_plan.language import Language, languages
from rse_plan.organisation import read_organisation

_NAMELESS: Data = {"kind": "organisation", "name": "?"}


def fact_flags() -> dict[str, str]:
    """Map the facts that a flag can give to their flags; what a list holds goes with the list."""
    paths = ("name", *outer_paths())
    return {path: "--" + path.replace(".", "-").replace("_", "-") for path in paths}


def _with_fact_flags(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command one option for each fact."""
    own = inspect.signature(command)
    flags = [
        inspect.Parameter(
            FACT + path.replace(".", "__"),
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                str | None, typer.Option(flag, metavar="", rich_help_panel=_panel(path))
            ],
        )
        for path, flag in fact_flags().items()
    ]
    kept = [one for one in own.parameters.values() if one.kind is not one.VAR_KEYWORD]
    command.__signature__ = own.replace(parameters=[*kept, *flags])  # type: ignore[attr-defined]
    return command


def _panel(path: str) -> str:
    """Name the part of the help where the flag of a fact stands."""
    block, dot, _ = path.rpartition(".")
    return f"org.yaml · {block}" if dot else "org.yaml"


@_with_fact_flags
def init(  # noqa: PLR0913 - one parameter for each option
    organisation: Annotated[Path, typer.Argument(metavar="ORG")] = Path("org.yaml"),
    *,
    defaults: Annotated[bool, typer.Option("--defaults")] = False,
    answers: Annotated[Path | None, typer.Option("--data", metavar="FILE")] = None,
    changes: Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE")] = None,
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
    force: ForceOption = False,
    **facts: str | None,
) -> None:
    """Ask on a terminal; elsewhere write what is given, or say what is missing and exit 2."""
    target = Target(organisation, playbook, read_settings(playbook, language))
    target.require_place()
    data = target.known
    if answers is not None:
        data = _merged(data, target.checked(read_file(answers), _NAMELESS).data)
    for name, text in facts.items():
        if text is not None:
            path = fact_path(name)
            data = with_fact(data, path, _flag_value(path, text, target))
    data = changed(data, changes or (), language)
    if not defaults and sys.stdin.isatty() and sys.stderr.isatty():
        from rse_plan.cli.questionnaire import ask  # noqa: PLC0415 - only on a terminal

        ask(target, data, force=force)
        return
    if defaults:
        data = {"name": organisation.resolve().parent.name or organisation.stem, **data}
    else:
        _require_answers(target, data, language)
    interview = target.interview(data)
    if target.existing and not force:
        raise output.WrongUseError(language("init.exists", path=organisation))
    if target.edited:
        output.warn(language("init.backed_up", backup=target.back_up()))
    target.write(interview)
    write_schema("organisation", organisation, language)
    target.report_doubts()
    output.warn(language("init.written", path=organisation))


@dataclass(frozen=True)
class Target:
    """The file to write, what it says already, and the playbook that asks."""

    path: Path
    asked_playbook: str
    settings: Settings

    @property
    def say(self) -> Language:
        """The language that is spoken."""
        return self.settings.language

    def require_place(self) -> None:
        """Raise WrongUseError when no YAML file can stand there: better before the questions."""
        if self.path.suffix == ".json":
            raise output.WrongUseError(self.say("init.not_yaml", path=self.path))
        if not self.path.resolve().parent.is_dir():
            reason = os.strerror(errno.ENOENT)
            raise output.WrongUseError(self.say("errors.unwritable", path=self.path, reason=reason))

    @cached_property
    def existing(self) -> Document | None:
        """The file as it stands; raise InvalidFileError when there is one and it is wrong."""
        return self.checked(read_file(self.path)) if self.path.exists() else None

    def checked(self, document: Document, besides: Data | None = None) -> Document:
        """Return a document; raise InvalidFileError when it is wrong with what is said besides."""
        whole = document
        if besides and isinstance(document.data, dict):
            whole = replace(document, data={**besides, **document.data})
        if errors := [one for one in self._found(whole) if one.severity == "error"]:
            raise InvalidFileError(errors)
        return document

    def _found(self, document: Document) -> list[Diagnostic]:
        organisation = read_organisation(document)
        answers = check_answers(organisation, document, self.settings.playbook)
        return organisation_findings(document, organisation, answers)

    def report_doubts(self) -> None:
        """Say what is doubtful in the file as it stands now."""
        output.report(self._found(read_file(self.path)), self.say)

    @property
    def known(self) -> Data:
        """What the file says already."""
        return self.existing.data if self.existing else {"kind": "organisation"}

    @property
    def edited(self) -> bool:
        """Say whether the file holds more than `init` would write: somebody's own words."""
        if self.existing is None:
            return False
        data, text = self.existing.data, self.existing.text
        schema = schema_name("organisation")
        return all(organisation_text(data, schema, Language(one)) != text for one in languages())

    @cached_property
    def backup(self) -> Path:
        """Where the file is kept before it is written anew, beside those kept before."""
        names = (f"{self.path.name}.bak{number}" for number in count(2))
        first = self.path.with_name(f"{self.path.name}.bak")
        if not first.exists():
            return first
        return next(one for name in names if not (one := self.path.with_name(name)).exists())

    def back_up(self) -> Path:
        """Keep the file as it stands."""
        shutil.copy2(self.path, self.backup)
        return self.backup

    def interview(self, data: Data) -> Interview:
        """Begin with what is known; raise WrongUseError for what cannot be right.

        The files were checked before: what is wrong now comes from the command line, or from two
        places that do not go together.
        """
        book = self.settings.playbook
        if book.name != CORE and "playbook" not in data:
            data = {**data, "playbook": {"name": book.name, "version": book.version}}
        try:
            return Interview(book, today(), {"as_of": today().isoformat(), **data})
        except InvalidFileError as invalid:
            raise output.WrongUseError("\n".join(reasons(invalid, self.say))) from None

    def write(self, interview: Interview) -> None:
        """Write the file whole."""
        text = organisation_text(interview.data, schema_name("organisation"), self.say)
        output.write_file(self.path, text, self.say)

    def command(self, name: str) -> str:
        """Write a command on the file as it would be typed here."""
        words = ["rse-plan", name, str(self.path)]
        if self.settings.playbook.name != CORE:
            words += ["--playbook", self.asked_playbook]
        if self.say.code != languages()[0]:
            words += ["--language", self.say.code]
        return shlex.join(words)


def _require_answers(target: Target, data: Data, language: Language) -> None:
    """Raise WrongUseError with the flag of every question that has no answer."""
    missing = [] if "name" in data else ["name"]
    left = target.interview({**_NAMELESS, **data}).left
    missing += [question.path for question in left]
    if missing:
        flags = fact_flags()
        named = [flags.get(path, f"--set {path}=…") for path in missing]
        said = [language("init.missing"), *(f"  {flag}" for flag in named)]
        raise output.WrongUseError("\n".join([*said, language("init.missing_hint")]))


def _flag_value(path: str, text: str, target: Target) -> Any:
    """Read what a flag says as if it were typed; raise WrongUseError, with the flag, if wrong."""
    book, say = target.settings.playbook, target.say
    try:
        value = utf8(text).strip() if path == "name" else parsed(text, answer_form(path), say)
        Interview(book, today(), with_fact(_NAMELESS, path, value))
    except (AnswerError, InvalidFileError) as wrong:
        said = "\n  ".join(reasons(wrong, say))
        flag = say("init.prompt", words=fact_flags()[path])
        raise output.WrongUseError(f"{flag} {said}") from None
    return value


def _merged(under: Data, over: Data, within: str = "") -> Data:
    """Lay what a file says over what is known, block by block; a fact replaces a fact."""
    merged = dict(under)
    for name, said in over.items():
        below, path = merged.get(name), within + name
        is_fact = within == "answers." or path in outer_paths()
        if isinstance(said, dict) and isinstance(below, dict) and not is_fact:
            merged[name] = _merged(below, said, f"{path}.")
        else:
            merged[name] = said
    return merged
