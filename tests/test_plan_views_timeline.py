"""The time line of a plan: its scale, its bars, and how much the roles have to do."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planning import START
from shown import LARGE, made, report, words

from rse_plan.documents.plan.selection import Selection
from rse_plan.documents.plan.timeline import GATE, IDLE, LATE, LAUNCH, LEVELS, OVER, PLANNED, Axis
from rse_plan.language import Language, languages
from rse_plan.plan.model import Forecast, Phase
from rse_plan.plan.report import (
    WeekLoad,
)


@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 3000),
    width=st.integers(1, 200),
    code=st.sampled_from(languages()),
)
def test_no_two_labels_of_the_time_line_touch(
    start: date, days: int, width: int, code: str
) -> None:
    axis = between(start, start + timedelta(days=days), width)
    for head in axis.heads(Language(code)):
        assert len(head) <= width
        assert "\n" not in head
    years, months = (re.findall(r"\S+", head) for head in axis.heads(Language(code)))
    assert all(re.fullmatch(r"\d{4}", year) for year in years)
    names = {words(code).say.locale.months["stand-alone"]["abbreviated"][n] for n in range(1, 13)}
    assert set(months) <= names


@given(
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    days=st.integers(0, 3000),
    width=st.integers(1, 200),
)
def test_each_day_of_the_time_line_lies_in_its_column(start: date, days: int, width: int) -> None:
    axis = between(start, start + timedelta(days=days), width)
    day = start + timedelta(days=days)
    first, last = axis.days(axis.column(day))
    assert first <= day <= last
    assert 0 <= axis.column(start) <= axis.column(day) < width


def between(start: date, end: date, width: int) -> Axis:
    """Return the axis of a plan with one phase and nothing in it."""
    phase = Phase(id="one", name="One", start=start, end=end, forecast=Forecast(p50=end, p80=end))
    settings = made(LARGE, "en").plan.settings.model_copy(update={"start": start})
    empty = made(LARGE, "en").plan.changed(
        settings=settings, phases=(phase,), sites=(), waves=(), forecast=None
    )
    return Axis.of(empty, width)


def test_a_bar_says_by_its_characters_what_is_planned_and_how_late_it_may_be() -> None:
    plan = report(LARGE, "en").plan
    axis = Axis.of(plan, 90)
    for phase in plan.phases:
        assert phase.start
        assert phase.end
        assert phase.forecast
        bar = axis.phase(phase)
        assert bar[axis.column(phase.start)] in {PLANNED, GATE}
        assert not bar[: axis.column(phase.start)].strip()
        assert bar[axis.column(phase.forecast.p80)] == LATE
        assert len(bar) == axis.column(phase.forecast.p80) + 1
        assert (GATE in bar) is (phase.gate is not None)
        if phase.gate and phase.gate.date:
            assert bar[axis.column(phase.gate.date)] == GATE
    for opening in Selection(report(LARGE, "en")).openings:
        drawn_wave = axis.wave(opening.wave, opening.launches)
        columns = {axis.column(day) for day in opening.launches}
        assert columns == {n for n, mark in enumerate(drawn_wave) if mark == LAUNCH}


def test_nothing_is_drawn_of_what_has_no_date() -> None:
    plan = report(LARGE, "en").plan
    axis = Axis.of(plan, 40)
    assert axis.phase(Phase(id="none", name="None")) == ""
    assert axis.phase(Phase(id="sure", name="Sure", start=START, end=START)).strip() == PLANNED
    assert axis.wave(plan.waves[0].model_copy(update={"start": None}), ()) == ""


def test_a_load_is_told_by_the_heaviest_week_of_its_column() -> None:
    axis = between(date(2027, 1, 1), date(2027, 1, 31), 4)
    weeks = [
        WeekLoad(date(2027, 1, 4), 1, 10),
        WeekLoad(date(2027, 1, 18), 10.04, 10),
        WeekLoad(date(2027, 1, 25), 1, 0),
    ]
    assert axis.load([]) == IDLE * 4
    assert axis.load(weeks[:1]) == LEVELS[0] * 2 + IDLE * 2
    assert axis.load(weeks[:2]) == LEVELS[0] * 2 + LEVELS[-1] + IDLE
    assert axis.load(weeks)[-1] == OVER


def test_peak_and_mean_are_shares_of_the_time_that_people_have() -> None:
    found = report(LARGE, "en")
    for load in Selection(found).loads:
        weeks = found.load[load.role]
        assert load.peak == max(week.asked / week.available for week in weeks if week.available)
        asked, available = (
            sum(week.asked for week in weeks), sum(week.available for week in weeks),
        )  # fmt: skip
        assert load.mean == pytest.approx(asked / available)
