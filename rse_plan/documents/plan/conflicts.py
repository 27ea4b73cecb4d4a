"""What people and generator disagree on, in words: where it stands, and what each says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rse_plan.language import Language
from rse_plan.organisation.fact import day
from rse_plan.organisation.model import Block
from rse_plan.organisation.paths import choices, field_at
from rse_plan.plan.merge import ABSENT, Conflict
from rse_plan.plan.model import Plan
from rse_plan.plan.update import Updated

_LONGEST = 80
_DECIMALS = 4
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
        return _BETWEEN.join([*self._named(conflict.path), *self._fields(conflict.path)])

    def path(self, conflict: Conflict) -> str:
        """Write the place as it is found in the file."""
        return ".".join(_key(key) for key in conflict.path)

    def sides_of(self, conflict: Conflict) -> str:
        """Say what people, the generator now, and the generator before say."""
        return self.say(
            "plan_view.changes.conflict",
            ours=self.value(conflict.ours, conflict.path),
            theirs=self.value(conflict.theirs, conflict.path),
            base=self.value(conflict.base, conflict.path),
        )

    def value(self, said: Any, path: Sequence[Any] = ()) -> str:
        """Write what stands at a place on one line, its beginning when it is long."""
        text = self._value(said, path)
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

    def _value(self, said: Any, path: Sequence[Any]) -> str:
        if said is ABSENT or said is None:
            return self.say("plan_view.changes.absent")
        if isinstance(said, bool):
            return self.say("yes" if said else "no")
        if isinstance(said, int | float):
            return self.say.number(said, _DECIMALS)
        if isinstance(said, dict):
            return _title(said) or self.say.listed(self._pairs(said, path))
        if isinstance(said, list):
            return self.say.listed(self._value(one, path) for one in said) or self._value(None, ())
        return self._text(str(said), path)

    def _pairs(self, said: dict[str, Any], path: Sequence[Any]) -> Iterator[str]:
        for key, one in said.items():
            here = (*path, key)
            name, value = self._field(here), self._value(one, here)
            yield self.say("plan_view.changes.pair", name=name, value=value)

    def _text(self, said: str, path: Sequence[Any]) -> str:
        """Write a day or a choice in words, and any other text as it is."""
        try:
            return self.say.date(day(said))
        except ValueError:
            return self._choices(path).get(said, said)

    def _choices(self, path: Sequence[Any]) -> Mapping[str, str]:
        """Return what each value means that a field may have; nothing for what is no choice."""
        block, name = self._place(path)
        allowed = choices(block.model_fields[name].annotation) if block else ()
        words = self.say.table("plan")["choices"].values()
        return next((one for one in words if tuple(one) == allowed), {})

    def _fields(self, path: Sequence[Any]) -> Iterator[str]:
        """Name the fields below the last entry, and the value of a list."""
        last = max(
            (n for n in range(len(path) + 1) if self._entry(path[:n]) is not None), default=0
        )
        for length in range(last + 1, len(path) + 1):
            yield self._field(path[:length])

    def _field(self, path: Sequence[Any]) -> str:
        """Return the title of a field; what is none is its own."""
        block, name = self._place(path)
        if block is None:
            return _key(path[-1])
        words = self.say.table("plan")["blocks"][block.__name__]["fields"]
        return str(words[name]["title"])

    def _place(self, path: Sequence[Any]) -> tuple[type[Block] | None, str]:
        """Return the block and the name of a field; no block for what is no field."""
        keys = [key for n, key in enumerate(path) if self._entry(path[: n + 1]) is None]
        try:
            return field_at(Plan, ".".join(keys))
        except (KeyError, StopIteration, TypeError):
            return None, ""

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
