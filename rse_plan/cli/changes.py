"""``--set PATH=VALUE``: facts other than a file says."""

import json
from collections.abc import Iterable
from typing import Any

from rse_plan.cli.output import WrongUseError
from rse_plan.files import read_text
from rse_plan.language import Language


def changed(data: Any, changes: Iterable[str], language: Language) -> Any:
    """Return data with each change made; raise WrongUseError for one that cannot be."""
    # Through JSON, so that what a YAML alias shares is changed in one place only.
    data = json.loads(json.dumps(data))
    for change in changes:
        path, equals, value = change.partition("=")
        if not equals or not path:
            raise WrongUseError(language("errors.set", given=change))
        _set(data, path, read_text(value, f"--set {path}").data, language)
    return data


def _set(data: Any, path: str, value: object, language: Language) -> None:
    """Put a value at a dotted path; items of a list are named by their id, role or number."""
    *parents, last = path.split(".")
    here = data
    for part in parents:
        here = _below(here, part, path, language)
    if isinstance(here, list):
        here[_index(here, last, path, language)] = value
    elif isinstance(here, dict):
        here[last] = value
    else:
        raise WrongUseError(language("errors.set_path", path=path, part=last))


def _below(here: Any, part: str, path: str, language: Language) -> Any:
    if isinstance(here, dict):
        if not isinstance(here.get(part), dict | list):
            here[part] = {}
        return here[part]
    if isinstance(here, list):
        return here[_index(here, part, path, language)]
    raise WrongUseError(language("errors.set_path", path=path, part=part))


def _index(items: list[Any], part: str, path: str, language: Language) -> int:
    for index, item in enumerate(items):
        names = (item.get("id"), item.get("role")) if isinstance(item, dict) else ()
        if part == str(index) or part in names:
            return index
    raise WrongUseError(language("errors.set_path", path=path, part=part))
