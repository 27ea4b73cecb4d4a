"""The things of a list, described one by one: use cases above all."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from rse_plan.interview.answers import UNKNOWN
from rse_plan.interview.questions import Data, Form, form_of, with_fact
from rse_plan.language import plain_name
from rse_plan.organisation.model import Block
from rse_plan.organisation.paths import blocks, fact_paths, fact_type


@dataclass(frozen=True)
class Listing:
    """The things described so far, the one at hand, and which of its fields is asked next."""

    item: type[Block]
    fields: tuple[str, ...]
    done: tuple[Data, ...] = ()
    entry: Data = field(default_factory=dict)
    step: int = 0

    @classmethod
    def begun(cls, item: type[Block], read: Collection[str]) -> "Listing":
        """Begin a list of items of which some fields are read, after what they cannot do without.

        A block inside is asked for by its name first.
        """
        fields = dict.fromkeys(_required(item))
        for path in read:
            outer, dot, _ = path.partition(".")
            if dot:
                inner = next(blocks(item.model_fields[outer].annotation))
                fields |= dict.fromkeys(f"{outer}.{name}" for name in _required(inner))
            fields[path] = None
        return cls(item, tuple(fields))

    @property
    def asked(self) -> str:
        """The field that is asked for."""
        return self.fields[self.step]

    @property
    def form(self) -> Form:
        """What an answer to it looks like."""
        return form_of(fact_type(self.item, self.asked))

    @property
    def is_fact(self) -> bool:
        """Say whether it can be unknown; a name cannot."""
        return self.asked in fact_paths(self.item)

    @property
    def things(self) -> list[Data]:
        """All that is described, the thing at hand included."""
        return [*self.done, self.entry] if self.entry else [*self.done]

    def answered(self, value: Any) -> "Listing":
        """Return the list after an answer; a block that is given no name is unknown."""
        entry = self.entry
        if value is None:
            entry = {**entry, self.asked.partition(".")[0]: UNKNOWN}
        else:
            entry = with_fact(entry, self.asked, value)
            if self.step == 0 and "id" in self.item.model_fields:
                entry = {"id": identifier(value, [one["id"] for one in self.done]), **entry}
        step = self.step + 1
        while step < len(self.fields) and _is_left_out(self.fields, step, entry):
            step += 1
        if step < len(self.fields):
            return replace(self, entry=entry, step=step)
        return replace(self, done=(*self.done, entry), entry={}, step=0)


def _required(item: type[Block]) -> list[str]:
    """Name what a block cannot do without, its id apart, which is made of its name."""
    fields = item.model_fields.items()
    return [name for name, field in fields if field.is_required() and name != "id"]


def _is_left_out(fields: tuple[str, ...], step: int, entry: Data) -> bool:
    """Say whether a field stands in a block that was given no name."""
    outer, dot, _ = fields[step].partition(".")
    return bool(dot) and entry.get(outer) == UNKNOWN


def identifier(name: str, taken: Collection[str]) -> str:
    """Make an id of a name that no other item has."""
    base = plain_name(name) or "x"
    free = (f"{base}-{number}" if number > 1 else base for number in range(1, len(taken) + 2))
    return next(one for one in free if one not in taken)
