"""The entries of a plan as data, wherever they stand, and the dates that the scheduler fills in."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rse_plan.plan.model import Gate, Task

Data = dict[str, Any]
# Under which key an entry stands, and its id; that of the plan itself is empty.
Where = tuple[str, str]

TASKS, GATE = "tasks", "gate"
# What is done on days of its own; the dates of all else follow from those.
TIMED = {TASKS, GATE}
# What nobody writes, but the scheduler finds.
FOUND = frozenset({"forecast", "planned"})
DATES = frozenset({"start", "end", "date", "due"}) | FOUND
GROUPS = ("phases", "sites")
# Where a generation keeps what the scheduler said of entries that people added.
ADDED = "added"
_PLAN = "plan"
_ORDER = {
    key: {name: place for place, name in enumerate(model.model_fields)}
    for key, model in ((TASKS, Task), (GATE, Gate))
}


def entries(said: Any, key: str = _PLAN) -> Iterator[tuple[Where, Data]]:
    """Go through everything that has an id, and the plan itself."""
    if isinstance(said, list):
        for one in said:
            yield from entries(one, key)
    elif isinstance(said, dict):
        if "id" in said or key == _PLAN:
            yield (key, said.get("id", "")), said
        for name, one in said.items():
            if isinstance(one, dict | list):
                yield from entries(one, name)


def timed(said: Any) -> dict[str, Data]:
    """Return the tasks and gates by their ids."""
    return {name: entry for (key, name), entry in entries(said) if key in TIMED}


def dates(said: Data) -> dict[Where, Data]:
    """Return the dates of every entry that has some."""
    found = (
        (where, {key: one for key, one in entry.items() if key in DATES})
        for where, entry in entries(said)
    )
    return {where: inside for where, inside in found if inside}


def noted_dates(base: Data) -> dict[Where, Data]:
    """Return the dates that were noted of what people added."""
    return {
        (key, name): {field: day for field, day in said.items() if field in DATES}
        for key, noted in base.get(ADDED, {}).items()
        for name, said in noted.items()
    }


def with_dates(said: Data, found: Mapping[Where, Data]) -> Data:
    """Return the data with dates; new ones of tasks and gates stand where the model has them."""

    def dated(where: Where, entry: Data) -> Data:
        if where not in found:
            return entry
        entry = entry | found[where]
        order = _ORDER.get(where[0])
        return (
            entry if order is None else dict(sorted(entry.items(), key=lambda one: order[one[0]]))
        )

    changed: Data = _changed(said, dated)
    return changed


def without_dates(said: Data, gone: Mapping[Where, set[str]]) -> Data:
    """Return the data without some dates."""
    changed: Data = _changed(
        said,
        lambda where, entry: {
            key: one for key, one in entry.items() if key not in gone.get(where, ())
        },
    )
    return changed


def _changed(said: Any, change: Callable[[Where, Data], Data], key: str = _PLAN) -> Any:
    if isinstance(said, list):
        return [_changed(one, change, key) for one in said]
    if not isinstance(said, dict):
        return said
    inside = {name: _changed(one, change, name) for name, one in said.items()}
    is_entry = "id" in said or key == _PLAN
    return change((key, said.get("id", "")), inside) if is_entry else inside
