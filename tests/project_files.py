"""A plan in Microsoft Project's XML, as its tests read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any
from xml.etree import ElementTree as ET

from kits import PLAN, core

from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.forms.project import project
from rse_plan.language import Language
from rse_plan.plan.model import Plan

NAMESPACE = "{http://schemas.microsoft.com/project}"
DAY = timedelta(hours=7)


def dossier(plan: Plan = PLAN, code: str = "fr") -> Dossier:
    return Dossier(plan, core(code), Language(code))


@dataclass(frozen=True)
class Read:
    """The elements of a file."""

    root: ET.Element

    def all(self, path: str) -> list[ET.Element]:
        return self.root.findall("/".join(f"{NAMESPACE}{name}" for name in path.split("/")))

    @cached_property
    def lines(self) -> dict[str, ET.Element]:
        """The tasks of the chart by their ids; groups have another name than what they sum up."""
        return {said(one, "ExtendedAttribute/Value"): one for one in self.all("Tasks/Task")}

    @cached_property
    def items(self) -> dict[str, ET.Element]:
        return {name: one for name, one in self.lines.items() if said(one, "Summary") == "0"}

    @cached_property
    def ids(self) -> dict[str, str]:
        return {said(one, "UID"): name for name, one in self.lines.items()}

    @cached_property
    def resources(self) -> dict[str, ET.Element]:
        return {said(one, "Code"): one for one in self.all("Resources/Resource")}

    def above(self, name: str) -> str:
        """Return what a line stands under."""
        numbers = {said(one, "OutlineNumber"): name for name, one in self.lines.items()}
        return numbers[said(self.lines[name], "OutlineNumber").rpartition(".")[0] or "0"]

    def links(self) -> Iterator[tuple[str, str, int]]:
        """Go through the links: from, to, and calendar days between."""
        for name, one in self.items.items():
            for link in one.findall(f"{NAMESPACE}PredecessorLink"):
                assert said(link, "Type") == "1"
                lag = int(said(link, "LinkLag"))
                assert lag % 14400 == 0
                assert said(link, "LagFormat") == ("8" if lag else "7")
                yield self.ids[said(link, "PredecessorUID")], name, lag // 14400

    @cached_property
    def days(self) -> dict[str, "Days"]:
        return {said(one, "UID"): Days(one) for one in self.all("Calendars/Calendar")}


@dataclass(frozen=True)
class Days:
    """A calendar as it is read."""

    element: ET.Element

    @cached_property
    def week(self) -> dict[int, bool]:
        days = self.element.findall(f"{NAMESPACE}WeekDays/{NAMESPACE}WeekDay")
        return {int(said(day, "DayType")): said(day, "DayWorking") == "1" for day in days}

    @cached_property
    def exceptions(self) -> dict[date, bool]:
        found: dict[date, bool] = {}
        for one in self.element.findall(f"{NAMESPACE}Exceptions/{NAMESPACE}Exception"):
            start, end = moment(one, "TimePeriod/FromDate"), moment(one, "TimePeriod/ToDate")
            days = (end.date() - start.date()).days + 1
            assert int(said(one, "Occurrences")) == days
            worked = said(one, "DayWorking") == "1"
            found |= {start.date() + timedelta(day): worked for day in range(days)}
        return found

    def worked(self, day: date) -> bool:
        return self.exceptions.get(day, self.week[(day.weekday() + 1) % 7 + 1])

    def count(self, start: date, end: date) -> int:
        days = (start + timedelta(day) for day in range((end - start).days + 1))
        return sum(self.worked(day) for day in days)


def said(element: ET.Element, path: str) -> str:
    text = element.findtext("/".join(f"{NAMESPACE}{name}" for name in path.split("/")))
    assert text is not None, path
    return text


def moment(element: ET.Element, path: str) -> datetime:
    return datetime.fromisoformat(said(element, path))


def length(element: ET.Element, path: str) -> timedelta:
    found = re.fullmatch(r"PT(\d+)H(\d+)M0S", said(element, path))
    assert found
    return timedelta(hours=int(found[1]), minutes=int(found[2]))


def read(plan: Plan = PLAN, code: str = "fr") -> Read:
    return Read(ET.fromstring(project(dossier(plan, code))))  # noqa: S314 - our own


@cache
def invented() -> Read:
    return read()


def changed(task: str, **changes: object) -> Plan:
    """Return the plan with another version of one task of its phases or sites."""

    def mended(block: Any) -> Any:
        tasks = tuple(
            one.model_copy(update=changes) if one.id == task else one for one in block.tasks
        )
        return block.model_copy(update={"tasks": tasks})

    return PLAN.changed(
        phases=tuple(mended(phase) for phase in PLAN.phases),
        sites=tuple(mended(site) for site in PLAN.sites),
    )
