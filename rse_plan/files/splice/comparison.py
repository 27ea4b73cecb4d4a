"""Where two versions of data differ, and which entries they share."""

import json
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from rse_plan.files.reader import Location


def by_id(items: list[Any]) -> dict[str | int, Any] | None:
    """Name the items of a list by their ``id``, if all have one of their own."""
    named = {
        item["id"]: item
        for item in items
        if isinstance(item, dict) and type(item.get("id")) in (str, int)
    }
    return named if len(named) == len(items) else None


def same(one: Any, other: Any) -> bool:
    """Say whether data means the same."""
    return difference(one, other) is None


def difference(found: Any, meant: Any, here: Location = ()) -> Location | None:
    """Return where data first differs from what was meant, items named by their ``id``.

    The order of keys, and of items with an id, means nothing; true is not the number 1.
    """
    if isinstance(found, list) and isinstance(meant, list):
        named = by_id(found), by_id(meant)
        if None in named:
            is_same = len(found) == len(meant) and all(map(same, found, meant))
            return None if is_same else here
        found, meant = named
    elif not isinstance(found, dict) or not isinstance(meant, dict):
        is_same = found == meant and isinstance(found, bool) == isinstance(meant, bool)
        return None if is_same else here
    for name in {**found, **meant}:
        inner: Location | None = (*here, name)
        if name in found and name in meant:
            inner = difference(found[name], meant[name], (*here, name))
        if inner is not None:
            return inner
    return None


def indexed(data: Any, location: Location) -> Location:
    """Return a location with the index of each item that it names by its ``id``."""
    found: Location = ()
    for name in location:
        ids = list(by_id(data) or ()) if isinstance(data, list) else []
        part = ids.index(name) if isinstance(name, str) and name in ids else name
        found = (*found, part)
        try:
            data = data[part]
        except (LookupError, TypeError):
            data = None
    return found


class Shared(NamedTuple):
    """Which entries two collections share, and which the second one adds.

    Those that stay have the number that they had, with name, old and new value. Those that are
    added stand in collections of one: before all that stay, or by the number that they follow.
    """

    kept: dict[int, tuple[str | int, Any, Any]]
    leading: list[Any]
    following: dict[int, list[Any]]


def shared(old: Any, new: Any) -> Shared | None:
    """Compare the entries of two collections, if they are of one kind and share any."""
    if isinstance(old, dict) and isinstance(new, dict):
        before, now = old, new
    elif isinstance(old, list) and isinstance(new, list):
        before, now = _named(old, new)
    else:
        return None
    numbers = {name: number for number, name in enumerate(before)}
    found = Shared({}, [], {})
    last: int | None = None
    for name, value in now.items():
        if name in numbers:
            last = numbers[name]
            found.kept[last] = name, before[name], value
        else:
            added = found.leading if last is None else found.following.setdefault(last, [])
            added.append({name: value} if isinstance(new, dict) else [value])
    return found if found.kept else None


def _named(old: list[Any], new: list[Any]) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Name the items of two lists by their ids, else by the index of those that are replaced.

    What replaces nothing has a name below zero.
    """
    was, now = by_id(old), by_id(new)
    if was is not None and now is not None:
        return was, now
    matcher = SequenceMatcher(None, [*map(_text, old)], [*map(_text, new)])
    named: dict[int, Any] = {}
    for _, start, end, first, last in matcher.get_opcodes():
        for index in range(first, last):
            replaced = start + index - first
            named[replaced if replaced < end else ~index] = new[index]
    return dict(enumerate(old)), named


def _text(item: Any) -> str:
    return json.dumps(item, sort_keys=True, default=str)
