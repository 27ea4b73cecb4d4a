"""What an update makes of tasks, sites and phases that are deleted, dropped, moved or added."""

import re
from copy import deepcopy
from dataclasses import replace

import pytest
from editing import Page
from rollouts import moved, reworded, small, without_task
from updates import (
    ORGANISATION,
    block,
    complaints,
    entry,
    first,
    is_possible,
    items,
    rewritten,
    run,
    unexpected,
)

from rse_plan.plan.merge import ABSENT, Conflict

pytestmark = pytest.mark.usefixtures("few_draws")


def test_who_waited_for_a_deleted_task_waits_for_what_it_did() -> None:
    base, text = first()
    assert entry(base, "obtain-means")["after"] == ["find-top-sponsor", "write-note"]
    found = [name for name, one in items(base).items() if "write-note" in one.get("after", ())]
    assert "scoping-decided" in found
    text = text.replace(block(text, "write-note"), "")
    assert is_possible(text, base)
    done = run(text, base)
    assert "write-note" not in items(done.found.data)
    assert entry(done.found.data, "obtain-means")["after"] == ["find-top-sponsor"]
    assert "write-note" not in done.text
    again = run(done.text, done.found.base)
    assert again.text == done.text


def test_what_is_said_about_a_deleted_task_goes_with_it() -> None:
    base, text = first()
    step = next(one for one in base["legal_steps"] if "task" in one)
    decision = next(one for one in base["decisions"] if "before" in one)
    for name in (step["task"], decision["before"]):
        text = text.replace(block(text, name), "")
    after = run(text, base).found.data
    for key, gone in (("legal_steps", step), ("decisions", decision)):
        found = next(one for one in after[key] if one["id"] == gone["id"])
        assert not {"task", "before", "due"} & found.keys()


def test_a_deleted_site_leaves_its_wave_with_its_staff() -> None:
    base, text = first()
    page = Page(text)
    start, end = page.items(("sites",))[2]
    page.lines[start:end] = []
    assert is_possible(page.text, base)
    done = run(page.text, base)
    waves = {one["id"]: one for one in done.found.data["waves"]}
    assert not any("madrid" in one.get("sites", ()) for one in waves.values())
    assert sum(one["headcount"] for one in waves.values()) == 700
    assert unexpected(done) == []
    again = run(done.text, done.found.base)
    assert (again.text, again.found.conflicts) == (done.text, ())


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (r"title: .*", r"\g<0>  # said by Anne"),
        (r"effort_days: .*", r"\g<0>\n    # said by Anne"),
        (r"  - id", r"  # said by Anne\n\g<0>"),
        (r"title: .*", "title: Ours"),
        (r"role:", "owner: Anne\n    role:"),
    ],
)
def test_a_task_with_somebody_s_words_is_not_dropped(was: str, now: str) -> None:
    base, text = first()
    done = run(
        rewritten(text, "map-stakeholders", (was, now)), base,
        playbook=without_task(small(), "map-stakeholders"),
    )  # fmt: skip
    assert [one.path for one in done.found.conflicts] == [
        ("phases", "scoping", "tasks", "map-stakeholders")
    ]
    assert done.found.conflicts[0].theirs is ABSENT
    assert "said by Anne" in done.text or "said by Anne" not in now
    assert entry(done.found.data, "map-stakeholders")["start"]
    again = run(done.text, done.found.base, playbook=without_task(small(), "map-stakeholders"))
    assert (again.text, again.found.conflicts) == (done.text, ())


def test_a_field_or_a_day_with_a_comment_is_not_dropped() -> None:
    said = deepcopy(ORGANISATION)
    said["closures"] = [
        {"start": "2027-08-02", "end": "2027-08-13"}, {"start": "2027-12-24", "end": "2027-12-31"},
    ]  # fmt: skip
    base, text = first()
    before = run(text, base, said)
    text = re.sub(
        r"closures:\n- .*\n- .*\n",
        "closures:\n- start: 2027-08-02  # not the hotline\n  end: 2027-08-13\n"
        "- {start: 2027-12-24, end: 2027-12-31}\n",
        before.text,
    )
    said["closures"].pop()
    kept = run(text, before.found.base, said)
    assert "not the hotline" in kept.text
    assert kept.found.conflicts == ()
    said["closures"] = []
    listed_now = run(text, before.found.base, said)
    assert "not the hotline" in listed_now.text
    assert [one.path for one in listed_now.found.conflicts] == [("closures",)]


def test_a_predecessor_with_a_comment_is_not_forgotten() -> None:
    base, text = first()
    text = rewritten(
        text,
        "obtain-means",
        (r"after: .*", "after:\n    - find-top-sponsor\n    - write-note  # why"),
    )
    done = run(text, base, playbook=without_task(small(), "write-note"))
    assert "- write-note  # why" in done.text
    assert [one.path[3:5] for one in done.found.conflicts] == [("obtain-means", "after")]


def test_a_task_stays_where_somebody_put_it() -> None:
    base, text = first()
    page = Page(text)
    cut = block(text, "define-kpis").rstrip("\n").split("\n")
    text = text.replace(block(text, "define-kpis"), "")
    page = Page(text)
    end = page.items(("phases", 1, "tasks"))[-1][1]
    page.lines[end:end] = cut
    text = page.text
    done = run(text, base, playbook=reworded(small(), "define-kpis", "Measures"))
    pilot = {one["id"]: one for one in done.found.data["phases"][1]["tasks"]}
    assert pilot["define-kpis"]["title"] == "Measures"
    assert done.found.conflicts == ()
    assert not [*complaints(done), *unexpected(done)]
    # Its dates are the scheduler's, as before.
    later = done.text.replace("settings:\n", "settings:\n  status_date: 2027-06-01\n")
    moved = run(later, done.found.base, playbook=reworded(small(), "define-kpis", "Measures"))
    assert entry(moved.found.data, "define-kpis")["start"] >= "2027-06-01"


def test_a_task_moves_with_the_playbook_unless_somebody_wrote_in_it() -> None:
    base, text = first()
    plain_one = run(text, base, playbook=moved(small(), "define-kpis", "piloting"))
    assert "define-kpis" in {one["id"] for one in plain_one.found.data["phases"][1]["tasks"]}
    assert plain_one.found.conflicts == ()
    written = rewritten(text, "define-kpis", (r"role:", "owner: Anne\n    role:"))
    done = run(written, base, playbook=moved(small(), "define-kpis", "piloting"))
    path = ("phases", "scoping", "tasks", "define-kpis", "phase")
    assert done.found.conflicts == (Conflict(path, "scoping", "scoping", "piloting"),)
    assert [name for name in re.findall("- id: (.*)", done.text) if name == "define-kpis"] == [
        "define-kpis"
    ]
    assert unexpected(done) == []


def test_both_places_are_listed_of_a_task_that_people_and_the_playbook_move() -> None:
    base, text = first()
    cut = block(text, "define-kpis")
    text = text.replace(cut, "")
    text = text.replace(block(text, "write-site-kit"), cut + block(text, "write-site-kit"))
    book = moved(small(), "define-kpis", "piloting")
    done = run(text, base, playbook=book)
    path = ("phases", "deployment", "tasks", "define-kpis", "phase")
    assert done.found.conflicts == (Conflict(path, "scoping", "deployment", "piloting"),)
    assert done.text.count("- id: define-kpis") == text.count("- id: define-kpis")
    assert not [*complaints(done), *unexpected(done)]
    again = run(done.text, done.found.base, playbook=book)
    assert (again.text, again.found.conflicts) == (done.text, ())


def test_a_deleted_task_does_not_come_back_where_the_playbook_moves_it_and_the_move_is_listed() -> (
    None
):
    base, text = first()
    book = moved(small(), "define-kpis", "piloting")
    done = run(text.replace(block(text, "define-kpis"), ""), base, playbook=book)
    assert "define-kpis" not in items(done.found.data)
    path = ("phases", "piloting", "tasks", "define-kpis", "phase")
    assert done.found.conflicts == (Conflict(path, "scoping", ABSENT, "piloting"),)
    assert not [*complaints(done), *unexpected(done)]
    again = run(done.text, done.found.base, playbook=book)
    assert (again.text, again.found.conflicts) == (done.text, ())


@pytest.mark.parametrize("is_dropped", [False, True])
def test_a_task_that_was_put_into_a_phase_of_one_s_own_stays_there(*, is_dropped: bool) -> None:
    base, text = first()
    cut = block(text, "define-kpis")
    phase = "- id: ours\n  name: Our own\n  tasks:\n" + cut
    text = re.sub(r"(?m)^(?=waves:)", phase, text.replace(cut, ""))
    book = without_task(small(), "define-kpis") if is_dropped else small()
    done = run(text, base, playbook=book if is_dropped else reworded(book, "define-kpis", "New"))
    ours = next(one for one in done.found.data["phases"] if one["id"] == "ours")
    assert ours["tasks"][0]["title"] == ("Define kpis" if is_dropped else "New")
    assert len(done.found.conflicts) == is_dropped
    assert unexpected(done) == []
    assert run(done.text, done.found.base, playbook=book).found.conflicts == ()


def test_a_phase_that_is_dropped_stays_with_what_somebody_put_into_it() -> None:
    base, text = first()
    cut = block(text, "define-kpis")
    text = text.replace(cut, "")
    text = text.replace(block(text, "collect-feedback"), cut + block(text, "collect-feedback"))
    left = tuple(one for one in small().phases if one.id != "piloting")
    done = run(text, base, playbook=replace(small(), phases=left))
    assert ("phases", "piloting") in {one.path for one in done.found.conflicts}
    assert re.findall(r"- id: (.*)", done.text).count("define-kpis") == 1
    assert unexpected(done) == []


def test_what_is_kept_for_its_comment_no_longer_speaks_of_what_is_gone() -> None:
    base, text = first()
    text = text.replace("- id: decide-means\n", "- id: decide-means  # with the board\n")
    done = run(text, base, playbook=without_task(small(), "obtain-means"))
    decision = next(one for one in done.found.data["decisions"] if one["id"] == "decide-means")
    assert not {"before", "due"} & decision.keys()
    assert [one.path for one in done.found.conflicts] == [("decisions", "decide-means")]


def test_a_task_of_one_s_own_gets_dates_and_follows() -> None:
    base, text = first()
    own = "  - {id: ours, title: Ours, role: lead, duration_days: 3, after: [pilot-go]}\n"
    text = text.replace(
        block(text, "learn-from-first-sites"), own + block(text, "learn-from-first-sites")
    )
    done = run(text, base)
    ours = entry(done.found.data, "ours")
    assert ours["start"] >= entry(done.found.data, "pilot-go")["date"]
    later = done.text.replace("settings:\n", "settings:\n  status_date: 2029-01-01\n")
    then = run(later, done.found.base)
    assert entry(then.found.data, "ours")["start"] >= "2029-01-01"
    assert (
        "ours"
        not in run(then.text.replace("  - {id: ours", "#"), then.found.base).text.split("#")[0]
    )


def test_who_waited_for_a_deleted_task_of_one_s_own_waits_for_what_it_did() -> None:
    base, text = first()
    own = "  - {id: ours, title: Ours, duration_days: 3, after: [map-stakeholders]}\n"
    text = text.replace(block(text, "define-kpis"), own + block(text, "define-kpis"))
    text = rewritten(text, "define-kpis", (r"after: \[", "after: [ours, "))
    done = run(text, base)
    gone = done.text.replace(block(done.text, "ours"), "")
    assert is_possible(gone, done.found.base)
    after = run(gone, done.found.base).found.data
    assert "map-stakeholders" in entry(after, "define-kpis")["after"]


def test_who_waited_for_a_deleted_task_of_a_site_that_stayed_waits_for_what_it_did() -> None:
    base, text = first()
    said = deepcopy(ORGANISATION)
    said["sites"] = [one for one in said["sites"] if one["id"] != "lyon"]
    text = rewritten(text, "lyon.meet-director", ("role:", "owner: Anne\n    role:"))
    kept = run(text, base, said)
    assert [one.path for one in kept.found.conflicts] == [("sites", "lyon")]
    gone = kept.text.replace(block(kept.text, "lyon.meet-hr"), "")
    done = run(gone, kept.found.base, said)
    after = entry(done.found.data, "lyon.prepare-site")["after"]
    assert "lyon.meet-director" in after
    assert "lyon.meet-hr" not in after
    assert not [*complaints(done), *unexpected(done)]


def test_a_site_that_stays_keeps_its_calendar() -> None:
    base, text = first()
    said = deepcopy(ORGANISATION)
    said["sites"].pop()
    text = rewritten(text, "madrid.meet-director", ("role:", "owner: Anne\n    role:"))
    done = run(text, base, said)
    assert {one.path for one in done.found.conflicts} == {("sites", "madrid"), ("calendars", "es")}
    assert not [*complaints(done), *unexpected(done)]
    assert is_possible(done.text, done.found.base)
    again = run(done.text, done.found.base, said)
    assert (again.text, again.found.conflicts) == (done.text, ())


def test_a_day_that_stays_for_its_comment_is_somebody_s_from_then_on() -> None:
    base, text = first()
    wave = base["waves"][0]
    start = f"start: {wave['start']}"
    head, tail = text.split(f"- id: {wave['id']}\n")
    text = f"{head}- id: {wave['id']}\n" + tail.replace(start, f"{start}  # with the board", 1)
    for site in wave["sites"]:
        text = text.replace(block(text, f"{site}.launch-site"), "")
    done = run(text, base)
    path = ("waves", wave["id"], "start")
    assert done.found.conflicts == (Conflict(path, wave["start"], wave["start"], ABSENT),)
    again = run(done.text, done.found.base)
    assert f"{start}  # with the board" in again.text
    assert (again.text, again.found.conflicts) == (done.text, ())
    assert not [*complaints(again), *unexpected(again)]
