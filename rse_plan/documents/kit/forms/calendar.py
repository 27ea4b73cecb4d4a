"""The days that people keep free: decisions, gates, legal steps, openings of sites, as iCalendar.

Whole days, whose end is the day after (RFC 5545): they are the same in every time zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from rse_plan import __version__
from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.rendering import file_name


@dataclass(frozen=True)
class Entry:
    """One day in the calendar, under a name that stays when the day moves."""

    id: str
    kind: str
    day: date
    title: str
    who: str
    why: str | None = None


def entries(dossier: Dossier) -> Iterator[Entry]:
    """List the days, as they come in the plan; what has no day has no entry."""
    plan = dossier.plan
    for gate in plan.gates:
        if day := gate.decided_on or gate.date:
            who = dossier.who(gate.role, gate.owner)
            yield Entry(gate.id, "gate", day, gate.name, who, gate.why)
    for one in plan.decisions:
        if one.due and not one.decided_on:
            who = dossier.role(one.role)
            yield Entry(one.id, "decision", one.due, one.question, who, one.why)
    for step in plan.legal_steps:
        if step.due and not step.evidence and not step.not_applicable:
            who = dossier.role(step.role)
            yield Entry(f"legal.{step.id}", "legal", step.due, step.title, who, step.why)
    for site in plan.sites:
        if day := dossier.launch(site):
            who = site.lead or dossier.role("local-director")
            yield Entry(f"{site.id}.launch", "launch", day, site.name, who)


def calendar(dossier: Dossier) -> bytes:
    """Write the calendar; raise ModuleNotFoundError without icalendar."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - optional, and slow to import

    say, plan = dossier.say, dossier.plan
    made = datetime.combine(plan.made_from.organisation_as_of, time(), UTC)
    found = Calendar()
    found.add("prodid", f"-//rse-plan//{__version__}//{say.code.upper()}")
    found.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        found.add(name, say("kit.calendar.title", organisation=plan.organisation))
    for entry in entries(dossier):
        event = Event()
        event.add("uid", f"{entry.id}@{file_name(plan.organisation)}.rse-plan")
        event.add("dtstamp", made)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", say(f"kit.calendar.{entry.kind}", title=entry.title))
        lines = (say("kit.calendar.who", who=entry.who) if entry.who else None, entry.why)
        event.add("description", "\n".join(line for line in lines if line))
        event.add("categories", [say(f"kit.calendar.kinds.{entry.kind}")])
        event.add("transp", "TRANSPARENT")
        found.add_component(event)
    return bytes(found.to_ical())
