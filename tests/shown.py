"""Plans, updates and scenarios of the examples, and what a reader sees of them."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from planning import AS_OF, EXAMPLES, START
from rich.console import Console, RenderableType

from rse_plan.assessment import assess
from rse_plan.documents.plan import written
from rse_plan.documents.plan.wording import PlanWording
from rse_plan.files import read_file
from rse_plan.language import Language
from rse_plan.organisation import Organisation
from rse_plan.plan.draft import draft
from rse_plan.plan.generation import Generated, default_settings, scheduled
from rse_plan.plan.model import Forecast, Phase, Plan
from rse_plan.plan.record import plain
from rse_plan.plan.report import (
    Missed,
    PlanChanges,
    PlanReport,
    Scenarios,
)
from rse_plan.plan.timetable import stated_spans, timetable
from rse_plan.plan.update import update
from rse_plan.playbook import Playbook, playbook_folder, read_playbook
from rse_plan.scheduling import Unmet
from rse_plan.views.lines import released
from rse_plan.views.plan import view

READER = MarkdownIt("gfm-like", {"linkify": False})


WHOLE, LARGE, SPARSE = "invented-28-sites", "two sites of each zone", "neovia"
HOSTILE = [
    "[red]coloured[/red] [link=https://example.org]x[/link]",
    "=HYPERLINK(1)",
    "| cell | cell | *bold* `code` <b>x</b>",
    "# 1. - title",
    "\x1b[31mred\x07",
    "a\nb",
    "{name} {0} %s",
]

Report = PlanReport | PlanChanges | Scenarios


@cache
def playbook(code: str) -> Playbook:
    return read_playbook(playbook_folder("core"), code)


def made(name: str, code: str, **wishes: Any) -> Generated:
    return _made(name, code, tuple(wishes.items()))


def example(name: str) -> dict[str, Any]:
    """Return what an example says; of the largest, a part is enough for most tests."""
    data = read_file(EXAMPLES / (WHOLE if name == LARGE else name) / "org.yaml").data
    assert isinstance(data, dict)
    if name != LARGE:
        return data
    by_zone: dict[Any, list[dict[str, Any]]] = {}
    for site in data["sites"]:
        by_zone.setdefault(value(site["zone"]), []).append(site)
    sites = [site for listed in by_zone.values() for site in listed[:2]]
    return {**data, "sites": sites, "headcount": sum(value(site["headcount"]) for site in sites)}


def value(said: Any) -> Any:
    """Return a fact without its origin."""
    return said["value"] if isinstance(said, dict) else said


@cache
def _made(name: str, code: str, wishes: tuple[tuple[str, Any], ...]) -> Generated:
    organisation = Organisation.model_validate(example(name))
    assessment = assess(organisation, playbook(code), organisation.as_of or AS_OF)
    chosen = default_settings(playbook(code), START).model_copy(update=dict(wishes))
    plan = draft(organisation, assessment.standing, chosen, Language(code), assessment.as_of)
    return with_forecasts(scheduled(timetable(plan), runs=0))


def with_forecasts(found: Generated) -> Generated:
    """Forecast that everything ends 30 days late in half of the draws, and 60 in a fifth."""

    def forecast(day: date | None) -> Forecast:
        day = day or START
        return Forecast(p50=day + timedelta(days=30), p80=day + timedelta(days=60))

    phases = (
        phase.model_copy(update={"forecast": forecast(phase.end)}) for phase in found.plan.phases
    )
    last = max(span.end for span in stated_spans(found.plan).values())
    return replace(found, plan=found.plan.changed(phases=tuple(phases), forecast=forecast(last)))


@cache
def report(name: str, code: str) -> PlanReport:
    return PlanReport(made(name, code), playbook(code))


@cache
def changes(code: str) -> PlanChanges:
    """Update a plan in which somebody changed, and deleted, what is generated otherwise now."""
    found = made(LARGE, code)
    base, ours = plain(found.plan), plain(found.plan)
    written = {task["id"]: task for phase in ours["phases"] for task in phase.get("tasks", ())}
    written["run-pilot"]["effort_days"] = 25
    written["run-pilot"]["title"] = HOSTILE[0]
    ours["decisions"] = ours["decisions"][1:]
    later = found.plan
    phases = (changed_phase(phase) for phase in later.phases)
    decisions = (
        one.model_copy(update={"why": "Otherwise", "due": None}) for one in later.decisions
    )
    next_draft = undated(
        later.changed(phases=tuple(phases), decisions=tuple(decisions), sites=later.sites[:-1])
    )
    found_now = update(ours, base, next_draft)
    was = Plan.model_validate(ours)
    return PlanChanges(was, found_now, stated_spans(found.plan), playbook(code))


def changed_phase(phase: Phase) -> Phase:
    """Ask for more days of two tasks, and no more for another."""
    more: dict[str, dict[str, Any]] = {
        "run-pilot": {"effort_days": 30.0},
        "write-framing-note": {"duration_days": 40},
    }
    tasks = (
        task.model_copy(update=more.get(task.id, {}))
        for task in phase.tasks
        if task.id != "map-stakeholders"
    )
    return phase.model_copy(update={"tasks": tuple(tasks)})


def undated(plan: Plan) -> Plan:
    """Take the dates of tasks away, as in a draft."""
    nowhere = {"start": None, "end": None}
    phases = (
        phase.model_copy(
            update={"tasks": tuple(task.model_copy(update=nowhere) for task in phase.tasks)}
        )
        for phase in plan.phases
    )
    sites = (
        site.model_copy(
            update={"tasks": tuple(task.model_copy(update=nowhere) for task in site.tasks)}
        )
        for site in plan.sites
    )
    return plan.changed(phases=tuple(phases), sites=tuple(sites))


@cache
def scenarios(code: str) -> Scenarios:
    return Scenarios(
        {
            "": made(LARGE, code),
            "plan.order=zones": made(LARGE, code, order="zones"),
            f"plan.start=2027-01-04; {HOSTILE[0]}": made(LARGE, code, start=date(2027, 1, 4)),
        }
    )


KINDS: dict[str, Callable[[str], Report]] = {
    "large": lambda code: report(LARGE, code),
    "sparse": lambda code: report(SPARSE, code),
    "changes": changes,
    "scenarios": scenarios,
}


def drawn(shown: RenderableType, width: int = 100, *, colour: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        highlight=False,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(shown)
    return released(capture.get())


def seen(found: Report, code: str, width: int = 100) -> str:
    return drawn(view(found, Language(code)), width)


def flat(text: str) -> str:
    """Undo the breaks of lines."""
    return re.sub(r"\s+", " ", text)


def words(code: str, name: str = LARGE) -> PlanWording:
    return PlanWording(made(name, code), Language(code))


def with_missed(*missed: Missed, unmet: tuple[Unmet, ...] = ()) -> PlanReport:
    """Return a report with failures of our own making."""
    found = PlanReport(made(LARGE, "en"), playbook("en"))
    found.__dict__.update(missed=missed, unmet=unmet)
    return found


def markdown(found: Report, code: str) -> str:
    return written(found, "markdown", Language(code))


def plain_text(source: str) -> str:
    """Return the text of Markdown, as a third-party reader sees it."""
    found = []
    for token in READER.parse(source):
        if token.type == "inline":
            found.append("".join(child.content for child in token.children or []))
        elif token.type == "code_block":
            found.append(token.content)
    return "\n".join(found)


def rows(text: str) -> list[dict[str, str]]:
    return [*csv.DictReader(io.StringIO(text))]
