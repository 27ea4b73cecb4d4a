"""What people and generator disagree on, in words: where it stands, and what each says."""

from collections.abc import Iterator, Sequence
from typing import Any

from rse_plan.language import Language
from rse_plan.plan.merge import ABSENT, Conflict
from rse_plan.plan.update import Updated

_LONGEST = 80
_BETWEEN = " › "
# What an entry is called by, the first that it has.
_NAMES = ("title", "name", "question", "text")


class ConflictWording:
    """Say in one language what the conflicts of an update are."""

    def __init__(self, updated: Updated, language: Language) -> None:
        """Speak of one update; an entry that one side deleted is named by the other."""
        self.say = language
        self.sides = (updated.data, updated.base)

    def where(self, conflict: Conflict) -> str:
        """Name the entries down to the field that is in conflict."""
        named = [*self._named(conflict.path)]
        last = conflict.path[-1] if conflict.path else ""
        fields = [] if named and self._entry(conflict.path) is not None else [_key(last)]
        return _BETWEEN.join([*named, *fields])

    def path(self, conflict: Conflict) -> str:
        """Write the place as it is found in the file."""
        return ".".join(_key(key) for key in conflict.path)

    def sides_of(self, conflict: Conflict) -> str:
        """Say what people, the generator now, and the generator before say."""
        return self.say(
            "plan_view.changes.conflict",
            ours=self.value(conflict.ours),
            theirs=self.value(conflict.theirs),
            base=self.value(conflict.base),
        )

    def value(self, said: Any) -> str:
        """Write a value on one line, its beginning when it is long."""
        text = self._value(said)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

    def _value(self, said: Any) -> str:
        if said is ABSENT or said is None:
            return self.say("plan_view.changes.absent")
        if isinstance(said, bool):
            return self.say("yes" if said else "no")
        if isinstance(said, dict):
            return _title(said) or self.say.listed(f"{key}: {one}" for key, one in said.items())
        if isinstance(said, list):
            return self.say.listed(self._value(one) for one in said) or self._value(None)
        return str(said)

    def _named(self, path: Sequence[Any]) -> Iterator[str]:
        for length in range(1, len(path) + 1):
            entry = self._entry(path[:length])
            if entry is not None:
                yield _title(entry) or _key(path[length - 1])

    def _entry(self, path: Sequence[Any]) -> dict[str, Any] | None:
        """Return the entry of a list that a path leads to, if it leads to one."""
        for side in self.sides:
            found: Any = side
            inside_list = False
            for key in path:
                inside_list = isinstance(found, list)
                found = _inside(found, key)
            if inside_list and isinstance(found, dict):
                return found
        return None


def _inside(data: Any, key: Any) -> Any:
    if isinstance(data, dict):
        return data.get(key)
    if isinstance(data, list):
        return next((one for one in data if isinstance(one, dict) and one.get("id") == key), None)
    return None


def _title(entry: dict[str, Any]) -> str | None:
    found = (entry.get(name) for name in (*_NAMES, "id"))
    return next((str(one) for one in found if one), None)


def _key(key: Any) -> str:
    return str(key[-1]) if isinstance(key, tuple) else str(key)
