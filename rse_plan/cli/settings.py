"""``rse-plan.toml``: a project's own defaults, for any option of any command.

For example::

    language = "en"
    playbook = "our-playbook"       # beside this file

    [validate]
    fail-on = "warning"

The nearest one above the first file that a command names counts, else above the current folder.
The command line and ``RSE_PLAN_*`` come before it.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer

from rse_plan.cli.output import WrongUseError
from rse_plan.files import closest
from rse_plan.files.resources import CORE
from rse_plan.language import Language, languages

FILE = "rse-plan.toml"
_STDIN = "--stdin-filename="
_WITHOUT_VALUE = {"-", "--force", "--defaults"}


@dataclass(frozen=True)
class Project:
    """What one ``rse-plan.toml`` says; nothing when there is none."""

    path: Path = Path(FILE)
    says: Mapping[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str | None:
        """The language it asks for, when there are words in it."""
        asked = self.says.get("language")
        return asked if asked in languages() else None

    @property
    def playbook(self) -> str | None:
        """The playbook by which `validate` checks the files beside it."""
        own = self.says.get("validate")
        said = {**self.says, **(own if isinstance(own, dict) else {})}.get("playbook")
        return None if said is None else self._placed(str(said))

    def wrong_key(self, commands: Mapping[str, Any]) -> tuple[str, str | None] | None:
        """Return the first key that is no option of these commands, and what may be meant."""
        options = {name: _options(command) for name, command in commands.items()}
        shared = {key for known in options.values() for key in known}
        for key, said in self.says.items():
            table = isinstance(said, dict)
            if key not in (options if table else shared):
                return key, closest(key, options if table else shared)
            for inner in said if table else ():
                if inner not in options[key]:
                    return f"{key}.{inner}", closest(inner, options[key])
        return None

    def require_known(self, commands: Mapping[str, Any], language: Language) -> None:
        """Raise WrongUseError for a key that is neither a command nor an option of one."""
        if wrong := self.wrong_key(commands):
            key, meant = wrong
            said = [language("errors.settings_key", path=self.path, key=key)]
            said += [language("did_you_mean", word=meant)] if meant else []
            raise WrongUseError(" ".join(said))

    def defaults(self, name: str, command: Any) -> dict[str, Any]:
        """Return what it says of a command's parameters; raise WrongUseError for a wrong value."""
        values = {}
        options = _options(command)
        for key, said in {**self.says, **self.says.get(name, {})}.items():
            if parameter := options.get(key):
                values[parameter.name] = value = self._value(key, said, parameter)
                try:
                    parameter.process_value(typer.Context(command), value)
                except typer.BadParameter as wrong:
                    reason = wrong.message.removeprefix("Value error, ")
                    raise WrongUseError(f"{self.path}: {key}: {reason}") from None
        return values

    def _value(self, key: str, said: Any, parameter: Any) -> Any:
        """Return the value of an option as it would stand on the command line."""
        if parameter.multiple:
            return [str(one) for one in (said if isinstance(said, list) else [said])]
        if key == "playbook":
            return self._placed(str(said))
        return said if isinstance(said, bool) else str(said)

    def _placed(self, playbook: str) -> str:
        """Make a folder that is named beside the file one that can be found from here."""
        return playbook if playbook == CORE else str(self.path.parent / playbook)


def read(arguments: Sequence[str], language: Language) -> Project:
    """Read the settings that count for a command; raise WrongUseError for what is no TOML."""
    # What follows an option is its value, except after those that have none.
    named = [
        one
        for before, one in pairwise(arguments)
        if not one.startswith("-") and (not before.startswith("-") or before in _WITHOUT_VALUE)
    ]
    named += [one.removeprefix(_STDIN) for one in arguments if one.startswith(_STDIN)]
    named += [one for before, one in pairwise(arguments) if before == _STDIN.removesuffix("=")]
    # Path.exists fails on a text that is too long for a name.
    first = Path(next((one for one in named if os.path.exists(one)), ""))  # noqa: PTH110
    return above(first if first.is_dir() else first.parent, language)


def above(folder: Path, language: Language) -> Project:
    """Read the nearest settings in a folder or above it."""
    here = Path(os.path.realpath(folder))
    places = (place / FILE for place in (here, *here.parents))
    # Path.is_file fails where it may not look.
    found = next((path for path in places if os.path.isfile(path)), None)  # noqa: PTH113
    return Project() if found is None else _parsed(found, language)


def _parsed(path: Path, language: Language) -> Project:
    import tomllib  # noqa: PLC0415 - seldom there

    try:
        return Project(path, tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, OSError, RecursionError) as error:
        raise WrongUseError(language("errors.settings", path=path, reason=error)) from None


def _options(command: Any) -> dict[str, Any]:
    """Map the options of a command, as they are written without dashes, to its parameters."""
    return {
        name.removeprefix("--"): parameter
        for parameter in command.params
        for name in parameter.opts
        if name.startswith("--") and name != "--help"
    }
