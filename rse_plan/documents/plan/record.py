"""A plan, an update and scenarios as plain data: the JSON that programs read."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from rse_plan.documents.plan.changes import Changes, Shift
from rse_plan.documents.plan.selection import bottleneck
from rse_plan.plan.merge import ABSENT, Conflict
from rse_plan.plan.model import Plan
from rse_plan.plan.record import plain
from rse_plan.plan.report import (
    Figures,
    Line,
    Missed,
    Move,
    PlanChanges,
    PlanReport,
    Scenarios,
    Search,
    Staffing,
    WeekLoad,
)
from rse_plan.plan.timetable import Span, Timetable
from rse_plan.scheduling import Reason, Unmet

Data = dict[str, Any]

_DECIMALS = 4


def plan_record(report: PlanReport) -> Data:
    """Return a plan and what is to be seen of it."""
    table = report.made.table
    sites = {one.task.id: one.site.id for one in report.plan.placed if one.site}
    return {
        "schema": "rse-plan/plan/1",
        "plan": plain(report.plan),
        "figures": _figures(report.figures),
        "search": _search(report.search),
        "tasks": [_line(line, sites.get(line.id), table) for line in report.lines],
        "critical_chain": [line.id for line in report.critical_chain],
        "load": {role: [*map(_week, weeks)] for role, weeks in report.load.items()},
        "staffing": [*map(_staffing, report.staffing)],
        "missed": [_missed(one, table) for one in report.missed],
        "unmet": [_unmet(one, table) for one in report.unmet],
    }


def changes_record(changes: PlanChanges) -> Data:
    """Return what an update changes."""
    found = Changes(changes)
    return {
        "schema": "rse-plan/plan-changes/1",
        "conflicts": [*map(_conflict, changes.updated.conflicts)],
        "figures": {
            "before": None if found.before is None else _figures(found.before),
            "after": _figures(found.report.figures),
        },
        "search": _search(found.report.search),
        "moves": [*map(_move, changes.moves)],
        "baseline": {
            "phases": [*map(_shift, found.drift)],
            "deviations": [*map(_move, changes.deviations)],
        },
        "missed": [_missed(one, found.report.made.table) for one in found.report.missed],
        "unmet": [_unmet(one, found.report.made.table) for one in found.report.unmet],
    }


def scenarios_record(scenarios: Scenarios) -> Data:
    """Return the figures of each scenario, and what each gains on the first."""
    base = next(iter(scenarios.figures.values()))
    return {
        "schema": "rse-plan/plan-scenarios/1",
        "scenarios": [
            {
                "set": name,
                "figures": _figures(figures),
                "gained_days": {
                    "reach": (base.reach - figures.reach).days,
                    "critical_mass": (base.critical_mass - figures.critical_mass).days,
                    "end": (base.end - figures.end).days,
                },
                "forecast": _forecast(scenarios.made[name].plan),
                "gates": {gate.id: _day(gate.date) for gate in scenarios.made[name].plan.gates},
                "ambassadors": ambassadors(scenarios.made[name].plan),
                "missed": missed(scenarios.made[name].plan),
                "bottleneck": most.role if (most := bottleneck(staffing)) else None,
                "staffing": [*map(_staffing, staffing)],
            }
            for name, figures in scenarios.figures.items()
            for staffing in [scenarios.staffing[name]]
        ],
    }


def missed(plan: Plan) -> list[str]:
    """List the announced dates that a plan does not keep."""
    return [one.id for one in plan.missed_wishes]


def ambassadors(plan: Plan) -> int | None:
    """Return how many ambassadors a plan aims at, where the headcount is known."""
    return plan.ambassadors.target if plan.ambassadors else None


def _figures(figures: Figures) -> Data:
    return {
        "reach": _day(figures.reach),
        "critical_mass": _day(figures.critical_mass),
        "end": _day(figures.end),
    }


def _search(search: Search | None) -> Data | None:
    if search is None:
        return None
    gap = None if search.gap is None else round(search.gap, _DECIMALS)
    return {
        "at_once": _figures(search.at_once),
        "missed_at_once": search.missed,
        "figure": search.figure,
        "gap": gap,
    }


def _forecast(plan: Plan) -> Data | None:
    if plan.forecast is None:
        return None
    return {"p50": _day(plan.forecast.p50), "p80": _day(plan.forecast.p80)}


def _line(line: Line, site: str | None, table: Timetable) -> Data:
    return {
        "id": line.id,
        "title": line.title,
        "phase": line.phase,
        "site": site,
        "role": line.role,
        **_span(line.span),
        "slack_days": line.slack_days,
        "critical": line.is_critical,
        "reason": _reason(line.reason, table),
    }


def _reason(reason: Reason, table: Timetable) -> Data:
    days = reason.days
    return {
        "kind": reason.kind,
        "activities": _names(reason.activities, table),
        "role": None if reason.resource is None else table.problem.resources[reason.resource].name,
        "days": days and _span(Span(table.day(days[0]), table.day(days[1] - 1))),
    }


def _names(activities: Iterable[int], table: Timetable) -> list[str]:
    return [table.names[index] for index in activities]


def _week(week: WeekLoad) -> Data:
    return {
        "week": _day(week.monday),
        "asked": round(week.asked, _DECIMALS),
        "available": round(week.available, _DECIMALS),
    }


def _staffing(one: Staffing) -> Data:
    return {"role": one.role, "reach_days": one.reach_days, "end_days": one.end_days}


def _missed(one: Missed, table: Timetable) -> Data:
    return {
        "wish": one.wish.id,
        "about": one.wish.about,
        "wanted": _day(one.wish.wanted),
        "planned": _day(one.wish.planned),
        "days": one.days,
        "reason": one.reason and _reason(one.reason, table),
        "chain": [*one.chain],
        "mends": [{"role": mend.role, "people": mend.people} for mend in one.mends],
    }


def _unmet(one: Unmet, table: Timetable) -> Data:
    return {
        "kind": one.kind,
        "task": table.names[one.activity],
        "days": one.days,
        "other": None if one.other is None else table.names[one.other],
        "role": None if one.resource is None else table.problem.resources[one.resource].name,
    }


def _conflict(conflict: Conflict) -> Data:
    """Leave out a side that does not have the entry, which is not one that says null."""
    sides = {"base": conflict.base, "ours": conflict.ours, "theirs": conflict.theirs}
    said = {name: side for name, side in sides.items() if side is not ABSENT}
    return {"path": [*map(_key, conflict.path)], **said}


def _key(key: object) -> str | int:
    """Name an entry of a path; values of a list stand for themselves."""
    return key if isinstance(key, str | int) else str(key)


def _move(move: Move) -> Data:
    before, after = move.before, move.after
    return {
        "id": move.id,
        "title": move.title,
        "before": before and _span(before),
        "after": after and _span(after),
        "start_days": (after.start - before.start).days if before and after else None,
        "end_days": (after.end - before.end).days if before and after else None,
    }


def _shift(one: Shift) -> Data:
    return {
        "phase": one.phase,
        "before": _day(one.before),
        "after": _day(one.after),
        "days": one.days,
    }


def _span(span: Span) -> Data:
    return {"start": _day(span.start), "end": _day(span.end)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
