"""What is shown of a plan: the conclusion first, the same facts on a terminal and in Markdown."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from rich.cells import cell_len
from shown import (
    KINDS,
    LARGE,
    SPARSE,
    WHOLE,
    drawn,
    flat,
    made,
    markdown,
    plain_text,
    playbook,
    report,
    rows,
    seen,
    undated,
    words,
)

from rse_plan.documents.plan import written
from rse_plan.documents.plan.selection import Selection
from rse_plan.language import Language, languages
from rse_plan.plan.generation import scheduled
from rse_plan.plan.model import Phase
from rse_plan.plan.report import (
    Line,
    PlanReport,
)
from rse_plan.plan.timetable import timetable
from rse_plan.views.plan import view


@pytest.mark.parametrize("width", [60, 80, 100, 160])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", languages())
def test_no_line_is_wider_than_the_terminal(code: str, kind: str, width: int) -> None:
    shown = seen(KINDS[kind](code), code, width)
    assert [line for line in shown.splitlines() if cell_len(line.rstrip()) > width] == []


@pytest.mark.parametrize("code", languages())
def test_a_plan_of_28_sites_is_seen_in_some_screens(code: str) -> None:
    shown = seen(report(WHOLE, code), code)
    assert len(shown.splitlines()) < 150
    assert len(report(WHOLE, code).plan.sites) == 28


@pytest.mark.parametrize("name", [LARGE, SPARSE])
@pytest.mark.parametrize("code", languages())
@pytest.mark.parametrize("form", ["text", "markdown"])
def test_dates_and_names_are_those_of_the_plan(name: str, code: str, form: str) -> None:
    found, say = report(name, code), words(code, name)
    shown = flat(seen(found, code, 200) if form == "text" else plain_text(markdown(found, code)))
    for phase in found.plan.phases:
        assert phase.name in shown
        assert phase.forecast
        for day in (phase.start, phase.end, phase.forecast.p80):
            assert say.day(day) in shown
        if phase.gate:
            assert phase.gate.name in shown
            assert say.day(phase.gate.date) in shown
    for wave in found.plan.waves:
        assert wave.name in shown
        assert say.day(wave.start) in shown
        assert say.day(wave.end) in shown
    figures = found.figures
    for figure in (figures.reach, figures.critical_mass, figures.end):
        assert Language(code).date(figure) in shown
    for role in found.roles:
        assert role.name in shown


@pytest.mark.parametrize("code", languages())
def test_the_conclusion_comes_first(code: str) -> None:
    found, say = report(LARGE, code), Language(code)
    head = seen(found, code).split(say("plan_view.timeline").upper())[0]
    assert say("assess.invented") in head
    assert found.playbook.title in head
    for one in found.missed:
        assert flat(one.wish.text) in flat(head)
    missed = say.number(len(found.missed))
    assert re.search(rf"{missed}\D+{say.number(len(found.plan.wishes))}", head)


@pytest.mark.parametrize("code", languages())
def test_the_wave_that_is_all_open_last_has_reached_everybody(code: str) -> None:
    openings = Selection(report(LARGE, code)).openings
    shares = [one.reached for one in openings]
    assert all(share is not None for share in shares)
    assert shares == sorted(shares, key=lambda share: share or 0)
    assert shares[-1] == 1
    assert sum(len(one.launches) for one in openings) == len(report(LARGE, code).plan.sites)


def test_colour_adds_nothing_but_colour() -> None:
    coloured = drawn(view(report(LARGE, "fr"), Language("fr")), colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == seen(report(LARGE, "fr"), "fr")


@pytest.mark.parametrize("code", languages())
def test_a_plan_of_which_little_is_known_is_shown_all_the_same(code: str) -> None:
    found = made(LARGE, code)
    bare = undated(
        found.plan.changed(
            invented=False, forecast=None, assumptions=(), decisions=(), wishes=(), phases=(),
            waves=(), sites=(), legal_steps=(), roles=(), calendars=(),
        )
    )  # fmt: skip
    again = scheduled(timetable(bare), runs=0)
    unsure = replace(again, plan=again.plan.changed(forecast=None))
    empty = PlanReport(unsure, playbook(code))
    shown = seen(empty, code)
    assert "P80" not in shown
    for name in ("timeline", "phases", "waves", "load", "chain", "decisions", "legal", "assumed"):
        assert Language(code)(f"plan_view.{name}").upper() not in shown
    assert bare.organisation in shown
    assert bare.organisation in plain_text(markdown(empty, code))
    assert rows(written(empty, "csv", Language(code))) == []
    assert json.loads(written(empty, "json", Language(code)))["tasks"] == []


def test_phases_without_tasks_or_dates_have_rows_without_dates() -> None:
    found = made(LARGE, "en")
    later = Phase(id="later", name="Later")
    wave = found.plan.waves[0].model_copy(
        update={"id": "empty", "name": "Empty", "sites": (), "start": None, "end": None}
    )
    plan = found.plan.changed(phases=(*found.plan.phases, later), waves=(*found.plan.waves, wave))
    extended = PlanReport(replace(found, plan=plan), playbook("en"))
    shown = seen(extended, "en")
    assert re.search(r"^  Later +– +– +– +– *$", shown, re.MULTILINE)
    assert re.search(r"^  Empty +0 +[\d,]+ +– +– +– *$", shown, re.MULTILINE)
    assert Selection(extended).openings[-1].reached is None


def test_decisions_are_told_apart_by_whether_they_are_taken() -> None:
    found = made(LARGE, "en")
    first, second, *others = found.plan.decisions
    taken = first.model_copy(update={"choice": "No guests", "decided_on": date(2026, 12, 1)})
    told = second.model_copy(update={"choice": "A number"})
    plan = found.plan.changed(decisions=(taken, told, *others))
    decided = PlanReport(replace(found, plan=plan), playbook("en"))
    shown = seen(decided, "en", 200)
    assert first.question not in shown
    assert "2 decisions taken already." in shown
    text = plain_text(markdown(decided, "en"))
    assert f"{first.question} No guests (1 Dec 2026)" in text
    assert f"{second.question} A number" in text


def test_what_is_to_be_confirmed_is_asked_by_how_much_hangs_on_it() -> None:
    found = made(SPARSE, "en")
    shown = Selection(report(SPARSE, "en"))
    numbers = [len(names) for names in shown.to_confirm.values()]
    assert numbers == sorted(numbers, reverse=True)
    asked = [one for one in found.plan.placed if one.task.confirm]
    assert shown.unconfirmed == sum(numbers) == len(asked) > 0
    assert next(iter(shown.to_confirm)) in flat(seen(report(SPARSE, "en"), "en", 400))


def test_lines_of_a_report_are_titled_with_their_site() -> None:
    found, say = report(LARGE, "en"), words("en")
    at_site: Line = next(line for line in found.lines if line.site)
    assert say.title(at_site) == f"{at_site.title} ({at_site.site})" == say.name(at_site.id)
