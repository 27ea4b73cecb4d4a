"""The commands by name, their help in one language, and the one boundary for errors."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from rse_plan import __version__
from rse_plan.cli import output, settings
from rse_plan.cli.options import LanguageOption, fact_path
from rse_plan.files import UNREAD, InvalidFileError
from rse_plan.language import Language, languages

COMMANDS = (
    "init", "assess", "explain", "compare", "whatif", "plan", "render", "validate", "schema",
)  # fmt: skip
_MISUSE = {*UNREAD, "language-missing"}


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit: 0 fine, 1 findings, 2 wrong use or no file, 3 a fault of ours."""
    arguments = sys.argv[1:] if arguments is None else arguments
    output.speak_utf8()
    language = Language(_asked_language(arguments) or languages()[0])
    try:
        project = settings.read(arguments, language)
        language = Language(_asked_language(arguments) or project.language or language.code)
        tree = command(arguments)
        if project.wrong_key(tree.commands):
            # It may be right for another command: only then are all of them imported.
            project.require_known(command().commands, language)
        if not arguments or "--help" in arguments:
            explain_options(tree, language)
        defaults = {
            name: {"language": language.code, **project.defaults(name, one)}
            for name, one in tree.commands.items()
        }
        tree(arguments, prog_name="rse-plan", default_map=defaults)
    except InvalidFileError as invalid:
        output.report(invalid.diagnostics, language)
        missing = any(diagnostic.code in _MISUSE for diagnostic in invalid.diagnostics)
        sys.exit(output.WRONG_USE if missing else output.FINDINGS)
    except output.WrongUseError as wrong:
        output.warn(str(wrong))
        sys.exit(output.WRONG_USE)
    except Exception:  # noqa: BLE001 - the boundary: whatever is left is a fault of ours
        traceback.print_exc()
        output.warn(language("errors.our_fault"))
        sys.exit(output.OUR_FAULT)


def command(arguments: Sequence[str] = ()) -> Any:
    """Return the command tree, with only the command that is asked for when one is.

    A command's file imports what the command needs, which the others do not pay for.
    """
    asked = next((argument for argument in arguments if argument in COMMANDS), None)
    app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback(invoke_without_command=True)(root)
    for name in COMMANDS if asked is None else (asked,):
        app.command(name)(getattr(import_module(f"rse_plan.cli.{name}"), name))
    return typer.main.get_command(app)


def root(
    *,
    version: Annotated[bool, typer.Option("--version")] = False,
    language: LanguageOption,  # noqa: ARG001 - found before, wherever it stands
) -> None:
    """Show the version, or leave it to the commands."""
    if version:
        output.put(__version__)
        raise typer.Exit


def explain_options(tree: Any, language: Language) -> None:
    """Put the help of every command and option into a tree."""
    texts = language.table("commands")
    tree.help = texts["rse-plan"]
    tree.get_help_option(typer.Context(tree)).help = texts["options"]["help"]
    for parameter in tree.params:
        parameter.help = texts["options"][parameter.name]
    for name, one in tree.commands.items():
        one.help = texts["commands"][name]["help"]
        one.short_help = texts["commands"][name]["short"]
        one.get_help_option(typer.Context(one)).help = texts["options"]["help"]
        for parameter in one.params:
            own = {**texts["options"], **texts["commands"][name].get("options", {})}
            parameter.help = own.get(parameter.name) or _fact_title(parameter.name, language)


def _fact_title(parameter: str, language: Language) -> str:
    """Say which fact an option of `init` gives."""
    from rse_plan.organisation import Organisation  # noqa: PLC0415 - only the help asks for it
    from rse_plan.organisation.paths import field_at  # noqa: PLC0415 - likewise

    block, name = field_at(Organisation, fact_path(parameter))
    words: str = language.table("organisation")["blocks"][block.__name__]["fields"][name]["title"]
    return words


def _asked_language(arguments: Sequence[str]) -> str | None:
    """Find the language before the arguments are parsed, for the help and for early errors."""
    asked = os.environ.get("RSE_PLAN_LANGUAGE", "")
    for index, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name == "--language":
            asked = value or "".join(arguments[index + 1 : index + 2])
    return asked if asked in languages() else None
