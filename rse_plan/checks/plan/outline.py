"""A plan with what its checks look up: every task and gate, where it stands, and who waits for it.

A cancelled task takes no part. What happened counts before what was planned: the first and the
last day of a task are the actual ones where they are said.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rse_plan.checks.plan.circles import circles
from rse_plan.checks.plan.days import Days
from rse_plan.files import Location
from rse_plan.organisation.model import Block
from rse_plan.plan.model import Gate, Plan, RoleOnTeam, Site, Task

# A task that is repeated is named after what it is repeated for, and then by its own name.
_OF = "."


@dataclass(frozen=True, eq=False)
class Item:
    """A task or a gate, its place in the file, and what it belongs to."""

    said: Task | Gate
    at: Location
    phase: str | None
    site: Site | None = None

    @property
    def id(self) -> str:
        """Its id."""
        return self.said.id

    @cached_property
    def task(self) -> Task | None:
        """The task; None for a gate."""
        return self.said if isinstance(self.said, Task) else None

    @cached_property
    def gate(self) -> Gate | None:
        """The gate; None for a task."""
        return self.said if isinstance(self.said, Gate) else None

    @cached_property
    def first_key(self) -> str:
        """The field that tells its first day."""
        if isinstance(self.said, Gate):
            return "decided_on" if self.said.decided_on else "date"
        return "actual_start" if self.said.actual_start else "start"

    @cached_property
    def last_key(self) -> str:
        """The field that tells its last day."""
        if isinstance(self.said, Gate):
            return self.first_key
        return "actual_end" if self.said.actual_end else "end"

    @cached_property
    def first(self) -> date | None:
        """Its first day."""
        day: date | None = getattr(self.said, self.first_key)
        return day

    @cached_property
    def last(self) -> date | None:
        """Its last day."""
        day: date | None = getattr(self.said, self.last_key)
        return day

    @cached_property
    def is_open(self) -> bool:
        """Whether it is still to begin."""
        if isinstance(self.said, Gate):
            return not self.is_over
        return self.said.status == "planned" and self.said.actual_start is None

    @cached_property
    def is_over(self) -> bool:
        """Whether it is done or decided."""
        if isinstance(self.said, Gate):
            return self.said.decision != "pending" or self.said.decided_on is not None
        return self.said.status == "done"

    @cached_property
    def is_past(self) -> bool:
        """Whether nothing about its length is planned any more."""
        return self.is_over or (isinstance(self.said, Task) and self.said.actual_end is not None)

    @cached_property
    def takes_no_time(self) -> bool:
        """Whether what waits for it may start on the same day."""
        if isinstance(self.said, Gate):
            return True
        return not (self.said.duration_days or self.said.elapsed_days) and self.first == self.last

    def where(self, key: str) -> Location:
        """Return where one of its fields stands, or its id when the file does not say it."""
        return (*self.at, *told(self.said, key))

    def days_after(self, before: "Item") -> int | None:
        """Return the days between the end of another item and its own start, if both are dated."""
        if self.first is None or before.last is None:
            return None
        return (self.first - before.last).days - (0 if before.takes_no_time else 1)


class Outline:
    """One plan, and what is looked up in it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @cached_property
    def tasks(self) -> tuple[Item, ...]:
        """Every task in the order of the file, the cancelled ones too."""
        return tuple(self._tasks())

    def _tasks(self) -> Iterator[Item]:
        by_site = None
        for index, phase in enumerate(self.plan.phases):
            by_site = phase.id if phase.by_site and by_site is None else by_site
            for number, task in enumerate(phase.tasks):
                yield Item(task, ("phases", index, "tasks", number), task.phase or phase.id)
        for index, site in enumerate(self.plan.sites):
            for number, task in enumerate(site.tasks):
                yield Item(task, ("sites", index, "tasks", number), task.phase or by_site, site)

    @cached_property
    def gates(self) -> tuple[Item, ...]:
        """Every gate, with its phase."""
        return tuple(
            Item(phase.gate, ("phases", index, "gate"), phase.id)
            for index, phase in enumerate(self.plan.phases)
            if phase.gate
        )

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The tasks that are not cancelled, and the gates."""
        return (
            *(item for item in self.tasks if item.task and item.task.status != "cancelled"),
            *self.gates,
        )

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """The items by their ids; the first of those that share one."""
        found: dict[str, Item] = {}
        for item in self.items:
            found.setdefault(item.id, item)
        return found

    @cached_property
    def names(self) -> Mapping[str, None]:
        """The ids of all tasks and gates, in the order of the file."""
        return dict.fromkeys(item.id for item in (*self.tasks, *self.gates))

    @cached_property
    def waiting(self) -> Mapping[str, tuple[Item, ...]]:
        """What waits for each task and gate."""
        found: dict[str, list[Item]] = {}
        for item in self.items:
            for name in dict.fromkeys(item.said.after):
                found.setdefault(name, []).append(item)
        return {name: tuple(items) for name, items in found.items()}

    @cached_property
    def launches(self) -> Mapping[str, Item]:
        """What opens the network to each site, by the id of the site."""
        return {
            item.site.id: item
            for item in self.items
            if item.site and item.task and item.task.launches
        }

    @cached_property
    def first_launch(self) -> Item | None:
        """What opens the headquarters, which every other launch waits for."""
        headquarters = self.plan.headquarters
        return self.launches.get(headquarters.id) if headquarters else None

    @cached_property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """The circles among tasks and gates that wait for one another."""
        launches = {item.id for item in self.launches.values()}
        first = {self.first_launch.id} if self.first_launch else set[str]()
        waits = {
            name: [
                before
                for before in (*item.said.after, *(first if name in launches - first else ()))
                if before in self.by_id
            ]
            for name, item in self.by_id.items()
        }
        return tuple(circles(waits))

    @cached_property
    def roles(self) -> Mapping[str, RoleOnTeam]:
        """The roles that hold only so many people."""
        return {role.id: role for role in self.plan.roles if role.people is not None}

    def worked(self, item: Item) -> int:
        """Return the days on which an item can go on, where it is done and where its team is."""
        return self.days.worked(item.site, team=item.said.role in self.roles)

    @cached_property
    def days(self) -> Days:
        """The days that are worked, from the first that matters to the last."""
        ends = (end for item in self.items for end in (item.first, item.last) if end)
        begun = (
            item.task.actual_start for item in self.items if item.task and item.task.actual_start
        )
        first = min([self.plan.settings.start, *begun])
        return Days(self.plan, first, max(ends, default=first))


def told(block: Block, key: str) -> Location:
    """Return the way to a field of a block, or to its id when the file does not say the field."""
    return (key,) if key in block.model_fields_set else ("id",)


def repeated(name: str, items: Iterable[Item]) -> Iterator[Item]:
    """Find the tasks of one name that are repeated: for each site, use case or audience."""
    return (item for item in items if item.id.endswith(_OF + name))
