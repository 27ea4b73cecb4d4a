"""What an update makes of dates that people write or delete, and of work that has begun."""

from copy import deepcopy
from datetime import date, timedelta

import pytest
from rollouts import small
from updates import ORGANISATION, Data, entry, first, is_possible, items, rewritten, run, unexpected

from rse_plan.language import Language
from rse_plan.plan.report import PlanReport
from rse_plan.plan.text import plan_text

pytestmark = pytest.mark.usefixtures("few_draws")


def changed_days(before: Data, after: Data) -> set[str]:
    """Name what is at other dates."""
    was, now = items(before), items(after)
    return {
        name
        for name in was.keys() & now.keys()
        if any(was[name].get(key) != now[name].get(key) for key in ("start", "end", "date"))
    }


def test_a_start_that_is_moved_stays_and_the_end_follows() -> None:
    base, text = first()
    text = rewritten(text, "lyon.launch-site", ("start: .*", "start: 2027-09-14"))
    assert entry(base, "lyon.launch-site")["end"] < "2027-09-14"
    assert is_possible(text, base)
    done = run(text, base)
    assert entry(done.found.data, "lyon.launch-site")["end"] == "2027-09-14"
    assert entry(done.found.data, "lyon.follow-up-site")["start"] > "2027-09-14"
    assert unexpected(done) == []


def test_what_has_to_follow_soon_does_not_hold_back_what_it_follows() -> None:
    # When the plan was made, nothing said how soon follow-up has to come.
    base, _ = first()
    base = deepcopy(base)
    follow_up = entry(base, "lyon.follow-up-site")
    del follow_up["lags"]
    follow_up |= {"start": "2027-10-04", "end": "2027-10-29"}
    done = run(plan_text(base, "plan.schema.json", Language("en")), base)
    launch, after = (
        entry(done.found.data, f"lyon.{name}-site")["start"] for name in ("launch", "follow-up")
    )
    assert launch == entry(base, "lyon.launch-site")["start"]
    assert after == "2027-06-03"


def test_work_that_began_long_before_it_was_planned_does_not_end_before_it_starts() -> None:
    base, text = first()
    planned = date.fromisoformat(entry(base, "lyon.launch-site")["start"])
    early = (planned - timedelta(days=60)).isoformat()
    begun = f"status: started\n    actual_start: {early}\n    role:"
    done = run(rewritten(text, "lyon.launch-site", ("role:", begun)), base)
    after = entry(done.found.data, "lyon.launch-site")
    assert after["start"] <= after["end"] < planned.isoformat()
    assert is_possible(done.text, done.found.base)


def test_an_end_that_is_moved_stays_with_its_start() -> None:
    base, text = first()
    before = entry(base, "define-kpis")
    text = rewritten(text, "define-kpis", ("end: .*", "end: 2027-01-29"))
    done = run(text, base)
    after = entry(done.found.data, "define-kpis")
    assert (after["start"], after["end"]) == (before["start"], "2027-01-29")
    assert entry(done.found.data, "scoping-decided")["date"] >= "2027-01-29"


def test_an_end_alone_gives_the_start() -> None:
    base, text = first()
    text = rewritten(
        text, "define-kpis", ("end: .*", "end: 2027-01-29"), (r"\n +start: .*", ""),
        ("duration_days: .*", "duration_days: 5"),
    )  # fmt: skip
    assert entry(run(text, base).found.data, "define-kpis")["start"] == "2027-01-25"


def test_work_that_has_begun_ends_when_somebody_says() -> None:
    base, text = first()
    start = entry(base, "define-kpis")["start"]
    text = rewritten(
        text, "define-kpis", ("end: .*", "end: 2027-03-31"),
        ("role:", f"status: started\n    actual_start: {start}\n    role:"),
    )  # fmt: skip
    done = run(text, base)
    assert entry(done.found.data, "define-kpis")["end"] == "2027-03-31"
    assert entry(done.found.data, "scoping-decided")["date"] >= "2027-03-31"


def test_dates_that_are_deleted_are_found_again() -> None:
    base, text = first()
    text = rewritten(text, "define-kpis", (r"\n +start: .*", ""), (r"\n +end: .*", ""))
    done = run(text, base)
    assert done.found.data | {"made_from": 0} == base | {"made_from": 0}
    # They come to stand where they stood, and are not taken for anybody's.
    assert done.text.replace(done.found.base["made_from"]["generation"], "") == first()[1].replace(
        base["made_from"]["generation"], ""
    )


def test_a_date_that_is_set_free_is_planned_again() -> None:
    base, text = first()
    late = run(rewritten(text, "open-risk-register", ("start: .*", "start: 2027-01-18")), base)
    free = rewritten(late.text, "open-risk-register", (r"\n +start: .*", ""), (r"\n +end: .*", ""))
    done = run(free, late.found.base)
    assert entry(done.found.data, "open-risk-register") == entry(base, "open-risk-register")


def test_what_a_chosen_date_breaks_is_told() -> None:
    base, text = first()
    text = rewritten(
        text, "lyon.launch-site", ("start: .*", "start: 2026-11-03"), ("end: .*", "end: 2026-11-03")
    )
    done = run(text, base)
    assert entry(done.found.data, "lyon.launch-site")["start"] == "2026-11-03"
    report = PlanReport(done.found.generated, small())
    index = done.found.generated.table.index["lyon.launch-site"]
    assert {one.kind for one in report.unmet if one.activity == index} >= {"predecessor"}


def test_nothing_moves_earlier_than_announced_unless_that_is_asked_for() -> None:
    base, text = first()
    more = deepcopy(ORGANISATION)
    for member in more["means"]["team"]:
        member["people"] = 9
    done = run(text, base, more)
    assert changed_days(base, done.found.data) == set()
    again = run(text, base, more, replan=True)
    assert (
        entry(again.found.data, "madrid.launch-site")["start"]
        < entry(base, "madrid.launch-site")["start"]
    )


def test_what_has_not_begun_comes_after_now_and_what_is_done_does_not_move() -> None:
    base, text = first()
    done_by = entry(base, "map-stakeholders")
    text = rewritten(
        text, "map-stakeholders",
        ("role:", "status: done\n    actual_start: 2026-10-20\n    role:"),
        ("role:", "actual_end: 2026-10-28\n    role:"),
    )  # fmt: skip
    text = text.replace("settings:\n", "settings:\n  status_date: 2027-02-01\n")
    done = run(text, base)
    after = items(done.found.data)
    assert after["map-stakeholders"] == done_by | {
        "status": "done", "actual_start": "2026-10-20", "actual_end": "2026-10-28",
    }  # fmt: skip
    assert all(
        str(one.get("start", one.get("date", "9"))) >= "2027-02-01"
        for name, one in after.items()
        if name != "map-stakeholders"
    )
    assert unexpected(done) == []
