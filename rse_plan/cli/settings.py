"""``rse-plan.toml``: a project's own defaults, for any option of any command.

For example::

    language = "en"
    playbook = "our-playbook"       # beside this file

    [validate]
    fail-on = "warning"

The nearest one above the first file that a command names counts, else above the current folder.
The command line and ``RSE_PLAN_*`` come before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rse_plan.cli.output import WrongUseError
from rse_plan.files import closest
from rse_plan.language import Language, languages

FILE = "rse-plan.toml"
CORE = "core"


@dataclass(frozen=True)
class Settings:
    """What one ``rse-plan.toml`` says; nothing when there is none."""

    path: Path = Path(FILE)
    says: Mapping[str, Any] = field(default_factory=dict)

    @property
    def language(self) -> str | None:
        """The language it asks for, when there are words in it."""
        asked = self.says.get("language")
        return asked if asked in languages() else None

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
        """Return what it says of one command's parameters."""
        options = _options(command)
        given = {**self.says, **self.says.get(name, {})}
        return {options[k]: self._placed(k, v) for k, v in given.items() if k in options}

    def _placed(self, key: str, said: Any) -> Any:
        """Make a folder that is named beside the file one that can be found from here."""
        if key == "playbook" and said != CORE:
            return str(self.path.parent / str(said))
        return said if isinstance(said, list | bool) else str(said)


def read(arguments: Sequence[str], language: Language) -> Settings:
    """Read the settings that count for a command; raise WrongUseError for what is no TOML."""
    named = (Path(one) for one in arguments if not one.startswith("-"))
    first = next((path for path in named if path.exists()), Path())
    return above(first if first.is_dir() else first.parent, language)


def above(folder: Path, language: Language) -> Settings:
    """Read the nearest settings in a folder or above it."""
    here = folder.resolve()
    for place in (here, *here.parents):
        if (place / FILE).is_file():
            return _parsed(place / FILE, language)
    return Settings()


def _parsed(path: Path, language: Language) -> Settings:
    import tomllib  # noqa: PLC0415 - seldom there

    try:
        return Settings(path, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise WrongUseError(language("errors.settings", path=path, reason=error)) from None


def _options(command: Any) -> dict[str, str]:
    """Map the options of a command, as they are written without dashes, to its parameters."""
    return {
        name.removeprefix("--"): parameter.name
        for parameter in command.params
        for name in parameter.opts
        if name.startswith("--") and name != "--help"
    }
