"""What is written of a plan, as Markdown, JSON and CSV: no text that steers its reader."""

import json
import re
from dataclasses import replace
from typing import get_args

import pytest
from shown import (
    HOSTILE,
    KINDS,
    LARGE,
    READER,
    markdown,
    plain_text,
    playbook,
    report,
    rows,
    seen,
    with_missed,
)

from rse_plan.documents.plan import Format, written
from rse_plan.language import Language, languages
from rse_plan.plan.record import plain
from rse_plan.plan.report import (
    Mend,
    Missed,
    PlanReport,
)
from rse_plan.scheduling import Unmet

FORMS: tuple[Format, ...] = get_args(Format)


def renamed(base: PlanReport, everywhere: str) -> PlanReport:
    """Give a plan other names in every place where people write some."""
    found = base.made
    plan = found.plan
    phases = tuple(
        phase.model_copy(
            update={
                "name": everywhere,
                "tasks": tuple(t.model_copy(update={"title": everywhere}) for t in phase.tasks),
                "gate": phase.gate and phase.gate.model_copy(update={"name": everywhere}),
            }
        )
        for phase in plan.phases
    )
    plan = plan.changed(
        organisation=everywhere,
        phases=phases,
        waves=tuple(one.model_copy(update={"name": everywhere}) for one in plan.waves),
        sites=tuple(one.model_copy(update={"name": everywhere}) for one in plan.sites),
        roles=tuple(one.model_copy(update={"name": everywhere}) for one in plan.roles),
        wishes=tuple(one.model_copy(update={"text": everywhere}) for one in plan.wishes),
        decisions=tuple(one.model_copy(update={"question": everywhere}) for one in plan.decisions),
        legal_steps=tuple(one.model_copy(update={"title": everywhere}) for one in plan.legal_steps),
        assumptions=tuple(one.model_copy(update={"text": everywhere}) for one in plan.assumptions),
    )
    renamed = PlanReport(replace(found, plan=plan), playbook("en"))
    # What takes long to find does not hang on names.
    missed = (
        replace(one, wish=one.wish.model_copy(update={"text": everywhere})) for one in base.missed
    )
    renamed.__dict__.update(staffing=base.staffing, missed=tuple(missed))
    return renamed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", languages())
def test_every_row_of_a_table_has_its_columns(kind: str, code: str) -> None:
    tokens = READER.parse(markdown(KINDS[kind](code), code))
    assert any(token.type == "table_open" for token in tokens)
    rows = [token for token in tokens if token.type == "tr_open"]
    width = count = closed = 0
    for token in tokens:
        if token.type == "thead_open":
            width = 0
        elif token.type == "th_open":
            width += 1
        elif token.type == "td_open":
            count += 1
        elif token.type == "tr_close":
            assert count in {0, width}
            count, closed = 0, closed + 1
    assert closed == len(rows)
    text = plain_text(markdown(KINDS[kind](code), code))
    assert not re.search(r"^\s*\|", text, re.MULTILINE)


@pytest.mark.parametrize("kind", ["large", "changes", "scenarios"])
def test_french_has_its_no_break_spaces_and_english_has_none(kind: str) -> None:
    french = plain_text(markdown(KINDS[kind]("fr"), "fr"))
    assert re.findall(r".{20} [:;!?%»]|« .{20}", french) == []
    english = plain_text(markdown(KINDS[kind]("en"), "en"))
    own = re.findall(r".{0,30}[\u00a0\u202f][:;!?%»]|«.{0,30}", english)
    # What the organisation says is in its own language.
    assert [text for text in own if not re.search("invent|disciplinaire", text)] == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", FORMS)
def test_the_same_report_gives_the_same_bytes(kind: str, form: Format) -> None:
    found = KINDS[kind]("fr")
    assert written(found, form, Language("fr")) == written(found, form, Language("fr"))


def test_json_holds_the_plan_and_what_follows_from_it() -> None:
    found = report(LARGE, "fr")
    said = json.loads(written(found, "json", Language("fr")))
    assert said["schema"] == "rse-plan/plan/1"
    assert said["plan"] == plain(found.plan)
    assert said["figures"]["end"] == found.figures.end.isoformat()
    assert [one["id"] for one in said["tasks"]] == [line.id for line in found.lines]
    task = said["tasks"][0]
    assert set(task) == {
        "id", "title", "phase", "site", "role", "start", "end", "slack_days", "critical", "reason",
    }  # fmt: skip
    assert set(task["reason"]) == {"kind", "activities", "role", "days"}
    known = {one["id"] for one in said["tasks"]} | found.made.table.own_milestones
    for one in said["tasks"]:
        assert set(one["reason"]["activities"]) <= known
    assert {one["site"] for one in said["tasks"]} == {None, *(s.id for s in found.plan.sites)}
    assert set(said["load"]) == {role.id for role in found.roles}
    assert [one["about"] for one in said["missed"]] == [one.wish.about for one in found.missed]
    assert {one["role"] for one in said["staffing"]} == set(said["load"])
    assert [one["id"] for one in said["tasks"] if one["critical"]]
    assert set(said["critical_chain"]) == {one["id"] for one in said["tasks"] if one["critical"]}


def test_json_names_what_fails() -> None:
    wish = report(LARGE, "en").plan.wishes[0]
    late = Missed(wish, 3, None, (Mend("it", 2),))
    found = with_missed(late, unmet=(Unmet("resource", 0, 2, 1, 0), Unmet("not-after", 0, 2)))
    said = json.loads(written(found, "json", Language("en")))
    assert said["missed"][0]["mends"] == [{"role": "it", "people": 2}]
    names = found.made.table.names
    assert [one["other"] for one in said["unmet"]] == [names[1], None]
    assert [one["role"] for one in said["unmet"]] == ["project-manager", None]


def test_a_table_has_one_row_for_each_task() -> None:
    found = report(LARGE, "fr")
    listed = rows(written(found, "csv", Language("fr")))
    assert [one["id"] for one in listed] == [line.id for line in found.lines if line.task]
    first, task = listed[0], found.lines[0].task
    assert task
    assert task.start
    assert first["start"] == task.start.isoformat()
    assert first["effort_days"] == f"{task.effort_days:g}"
    assert {one["critical"] for one in listed} == {"true", "false"}
    assert {one["site"] for one in listed} == {"", *(site.id for site in found.plan.sites)}
    after = {name for one in listed for name in one["after"].split()}
    assert after <= {line.id for line in found.lines}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_a_person_wrote_arrives_as_text(hostile: str) -> None:
    found = renamed(report(LARGE, "en"), hostile)
    one_line = hostile.replace("\x1b", "\\x1b").replace("\x07", "\\x07")
    shown = seen(found, "en", 200)
    assert one_line.replace("\n", "\\n") in shown
    assert "\x1b" not in shown
    source = markdown(found, "en")
    safe = markdown(renamed(report(LARGE, "en"), "safe"), "en")
    kinds = [token.type for token in READER.parse(source)]
    assert kinds == [token.type for token in READER.parse(safe)]
    inline = {c.type for token in READER.parse(source) for c in token.children or []}
    assert not inline & {"html_inline", "link_open", "image", "code_inline"}
    assert one_line.replace("\n", " ") in plain_text(source)
    assert "\x1b" not in source
    titles = {one["title"] for one in rows(written(found, "csv", Language("en")))}
    assert {title.removeprefix("'") for title in titles} >= {hostile}
    assert not [title for title in titles if title.startswith("=")]
    said = json.loads(written(found, "json", Language("en")))
    assert said["plan"]["organisation"] == hostile
