"""How a rollout is run, read from a playbook: laid over another, and with entries left out."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import yaml

from rse_plan.checks.validation import validate
from rse_plan.files import InvalidFileError
from rse_plan.files.discovery import Found
from rse_plan.playbook import Playbook, read_playbook
from rse_plan.playbook.rollout import Predecessor

SOUND = Path(__file__).parent / "example_playbook"
CITED = {"sources": ["own-practice"]}
CRITERION = {"id": "enough", "basis": "judgement", **CITED}
TASK_WORDS = {"title": "…", "why": "…"}


def task(name: str, *after: Any, **says: Any) -> dict[str, Any]:
    links = [{"task": link} if isinstance(link, str) else link for link in after]
    return {"id": name, "role": "lead", "effort_days": 1, "after": links, **CITED, **says}


def gate(name: str, *after: str, **says: Any) -> dict[str, Any]:
    links = [{"task": link} for link in after]
    return {"id": name, "role": "lead", "after": links, "criteria": [CRITERION], **says}


def phase(name: str, *tasks: dict[str, Any], **says: Any) -> dict[str, Any]:
    return {"kind": "phase", "id": name, "tasks": list(tasks), **says}


def write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def texts_of(said: dict[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {"kind": "phase-texts", "name": said["id"], "why": "…"}
    words["tasks"] = {one["id"]: TASK_WORDS for one in said["tasks"]}
    if "gate" in said:
        criteria = {one["id"]: "…" for one in said["gate"]["criteria"]}
        words["gate"] = {"name": "…", "why": "…", "criteria": criteria}
    return words


WORDS: dict[str, dict[str, str]] = {
    "kpis": dict.fromkeys(("name", "numerator", "denominator", "source", "why"), "…"),
    "risks": dict.fromkeys(("name", "trigger", "response", "why"), "…"),
    "decisions": {"question": "…", "why": "…"},
    "budget": {"name": "…", "hypothesis": "…"},
}


def extended(folder: Path, *phases: dict[str, Any], rollout: Any = None, **says: Any) -> Path:
    """Write a playbook that extends the sound one, with the texts that it needs."""
    copytree(SOUND, folder / "below", dirs_exist_ok=True)
    own = folder / "own"
    head = {"kind": "playbook", "name": "own", "version": "1.0.0", "languages": ["en"]}
    write(own / "playbook.yaml", {**head, "extends": "../below", **says})
    write(own / "texts/en/playbook.yaml", {"kind": "playbook-texts", "name": "Own"})
    for said in phases:
        write(own / f"phases/{said['id']}.yaml", said)
        write(own / f"texts/en/phases/{said['id']}.yaml", texts_of(said))
    if rollout is not None:
        write(own / "rollout.yaml", {"kind": "rollout", **rollout})
        words = {
            kind: {one if isinstance(one, str) else one["id"]: WORDS.get(kind, "…") for one in said}
            for kind, said in rollout.items()
            if kind not in {"phases", "defaults"}
        }
        write(own / "texts/en/rollout.yaml", {"kind": "rollout-texts", **words})
    return own


def read(folder: Path, *phases: dict[str, Any], **says: Any) -> Playbook:
    return read_playbook(extended(folder, *phases, **says), "en")


def codes(folder: Path, *phases: dict[str, Any], **says: Any) -> set[str]:
    with pytest.raises(InvalidFileError) as refused:
        read(folder, *phases, **says)
    return {fault.code for fault in refused.value.diagnostics}


def awaited(book: Playbook, name: str) -> list[str]:
    (entry,) = (one for one in book.phase_of[name].waiting if one.id == name)
    return [link.task for link in entry.after]


def test_a_rollout_is_read_with_its_texts() -> None:
    book = read_playbook(SOUND, "en")
    assert [one.id for one in book.phases] == ["preparation"]
    assert list(book.tasks) == ["write-charter"]
    assert book.phase_of.keys() == {"preparation", "write-charter", "begin"}
    assert book.task_texts("write-charter").title == "…"
    assert [role.id for role in book.roles] == list(book.rollout_texts.roles) == ["lead"]
    assert book.rollout_defaults is not None
    assert book.rollout_defaults.ambassador_share == 0.1


def test_a_playbook_needs_no_rollout(tmp_path: Path) -> None:
    copytree(SOUND, tmp_path, dirs_exist_ok=True)
    for path in (
        tmp_path / "rollout.yaml", tmp_path / "phases/preparation.yaml",
        tmp_path / "texts/en/rollout.yaml", tmp_path / "texts/en/phases/preparation.yaml",
    ):  # fmt: skip
        path.unlink()
    book = read_playbook(tmp_path, "en")
    assert (book.phases, book.tasks, book.roles, book.rollout_defaults) == ((), {}, (), None)


def test_a_rollout_without_entries_needs_no_texts(tmp_path: Path) -> None:
    own = extended(tmp_path, rollout={"phases": ["preparation"]})
    (own / "texts/en/rollout.yaml").unlink()
    assert [one.id for one in read_playbook(own, "en").phases] == ["preparation"]


def test_phases_follow_the_order_of_the_last_that_gives_one(tmp_path: Path) -> None:
    added = (phase("after"), phase("before"))
    assert [one.id for one in read(tmp_path / "a", *added).phases] == [
        "preparation", "after", "before",
    ]  # fmt: skip
    ordered = read(tmp_path / "b", *added, rollout={"phases": ["before", "preparation"]})
    assert [one.id for one in ordered.phases] == ["before", "preparation", "after"]


def test_entries_are_added_or_take_the_place_of_those_below(tmp_path: Path) -> None:
    kpi = {
        "id": "ideas-each-month", "frequency": "weekly", "unit": "count", "basis": "judgement",
        "owner": "sponsor", **CITED,
    }  # fmt: skip
    book = read(tmp_path, rollout={"roles": [{"id": "sponsor"}], "kpis": [kpi]})
    assert [role.id for role in book.roles] == ["lead", "sponsor"]
    assert [(one.id, one.frequency) for one in book.kpis] == [("ideas-each-month", "weekly")]
    assert book.rollout_texts.roles == {"lead": "…", "sponsor": "…"}


def test_defaults_are_those_of_the_last_that_has_any(tmp_path: Path) -> None:
    below = yaml.safe_load((SOUND / "rollout.yaml").read_text(encoding="utf-8"))["defaults"]
    book = read(tmp_path, rollout={"defaults": {**below, "pilot_days": 90}})
    assert book.rollout_defaults is not None
    assert book.rollout_defaults.pilot_days == 90


def test_a_whole_phase_can_be_replaced(tmp_path: Path) -> None:
    book = read(tmp_path, phase("preparation", task("ask-everybody")))
    assert list(book.tasks) == ["ask-everybody"]
    assert book.phase_of["preparation"].gate is None
    assert book.phase_texts["preparation"].tasks.keys() == {"ask-everybody"}


def test_who_waited_for_what_was_replaced_waits_for_what_that_waited_for(tmp_path: Path) -> None:
    below = extended(
        tmp_path,
        phase("launch", task("train", "begin"), task("open", "train")),
        phase("review", task("look-back", "open")),
    )
    own = tmp_path / "above"
    head = {"kind": "playbook", "name": "above", "version": "1.0.0", "languages": ["en"]}
    write(own / "playbook.yaml", {**head, "extends": "../own"})
    write(own / "texts/en/playbook.yaml", {"kind": "playbook-texts", "name": "Above"})
    replaced = phase("launch", task("open-at-once"))
    write(own / "phases/launch.yaml", replaced)
    write(own / "texts/en/phases/launch.yaml", texts_of(replaced))
    assert awaited(read_playbook(below, "en"), "look-back") == ["open"]
    assert awaited(read_playbook(own, "en"), "look-back") == ["begin"]


CHAIN = phase(
    "launch",
    task("first"),
    task("second", {"task": "first", "wait_days": 10, "within_days": 20}),
    task("third", {"task": "second", "wait_days": 5}),
    gate=gate("launched", "second", "third"),
)
LATER = phase("review", task("look-back"), opens_after=[{"task": "second"}])


def test_who_waited_for_a_dropped_task_waits_for_what_that_waited_for(tmp_path: Path) -> None:
    book = read(tmp_path, CHAIN, LATER, without=["second"])
    assert list(book.tasks) == ["write-charter", "first", "third", "look-back"]
    (link,) = book.tasks["third"].after
    assert (link.task, link.wait_days, link.within_days) == ("first", 10, None)
    assert [one.task for one in book.phase_of["review"].opens_after] == ["first"]
    assert awaited(book, "launched") == ["first", "third"]


def test_several_dropped_tasks_are_passed_over(tmp_path: Path) -> None:
    book = read(tmp_path, CHAIN, LATER, without=["first", "second"])
    assert awaited(book, "third") == []
    assert book.phase_of["review"].opens_after == ()
    assert awaited(book, "launched") == ["third"]


@pytest.mark.parametrize(
    ("last", "dropped", "first", "where"),
    [
        ({"per": "site"}, {"per": "site"}, {"per": "site"}, None),
        (
            {"per": "site", "where": "headquarters"},
            {"per": "site"},
            {"per": "site"},
            "headquarters",
        ),
        (
            {"per": "site"},
            {"per": "site", "where": "headquarters"},
            {"per": "site"},
            "headquarters",
        ),
        ({"per": "site"}, {}, {"per": "site"}, "everywhere"),
        ({}, {"per": "site"}, {"per": "site"}, None),
        ({}, {}, {}, None),
    ],
)
def test_which_of_a_repeated_task_is_waited_for_stays_the_same(
    tmp_path: Path, last: Any, dropped: Any, first: Any, where: str | None
) -> None:
    def link(name: str, says: dict[str, str]) -> dict[str, str]:
        return {"task": name, **({"where": says["where"]} if "where" in says else {})}

    def repeated(says: dict[str, str]) -> dict[str, str]:
        return {"per": says.get("per", "programme")}

    chain = phase(
        "launch",
        task("first", **repeated(first)),
        task("second", link("first", dropped), **repeated(dropped)),
        task("third", link("second", last), **repeated(last)),
    )
    book = read(tmp_path, chain, without=["second"])
    assert book.tasks["third"].after == (
        Predecessor.model_validate({"task": "first", "where": where}),
    )


def test_a_dropped_phase_takes_its_tasks_and_its_gate_along(tmp_path: Path) -> None:
    later = phase("review", task("look-back", "launched"))
    book = read(tmp_path, CHAIN, later, without=["launch"])
    assert list(book.tasks) == ["write-charter", "look-back"]
    assert awaited(book, "look-back") == []


def test_what_is_produced_by_a_dropped_task_only_is_no_longer_listed(tmp_path: Path) -> None:
    launch = phase("launch", task("first", document="one"), task("second", document="two"))
    listed = {"documents": ["one", "two"]}
    assert read(tmp_path / "a", launch, rollout=listed).documents == ("one", "two")
    assert read(tmp_path / "b", launch, rollout=listed, without=["second"]).documents == ("one",)


def test_a_dropped_document_is_no_longer_produced(tmp_path: Path) -> None:
    launch = phase("launch", task("first", document="one"))
    book = read(tmp_path, launch, rollout={"documents": ["one"]}, without=["one"])
    assert (book.documents, book.tasks["first"].document) == ((), None)


def test_a_gate_forgets_criteria_of_what_is_dropped_and_goes_with_the_last(tmp_path: Path) -> None:
    of_gate = {**CRITERION, "id": "open", "gate": "ideas-answered"}
    launch = phase("launch", gate=gate("launched", criteria=[CRITERION, of_gate]))
    book = read(tmp_path, launch, without=["ideas-each-month", "ideas-answered"])
    kept = book.phase_of["launch"].gate
    assert kept is not None
    assert [one.id for one in kept.criteria] == ["enough"]
    # The gate of the phase below asked for the KPI only.
    assert book.phase_of["preparation"].gate is None
    assert "begin" not in book.phase_of


def test_a_dropped_factor_is_forgotten_by_tasks_and_takes_its_risks_along(tmp_path: Path) -> None:
    def risk(name: str, *indicators: str) -> dict[str, Any]:
        grades = {"probability": "low", "impact": "low", "owner": "lead"}
        return {"id": name, "indicators": list(indicators), **grades, **CITED}

    risks = [risk("always"), risk("one", "survey-run"), risk("both", "survey-run", "pairs-formed")]
    launch = phase("launch", task("first", carries_out=["run-survey", "form-pairs"]))
    book = read(tmp_path, launch, rollout={"risks": risks}, without=["surveys"])
    assert [(one.id, one.indicators) for one in book.risks] == [
        ("always", ()), ("both", ("pairs-formed",)),
    ]  # fmt: skip
    assert book.tasks["first"].carries_out == ("form-pairs",)


def test_what_a_decision_came_before_and_what_a_cost_counts_may_be_dropped(tmp_path: Path) -> None:
    rollout = {
        "roles": [{"id": "trainer"}],
        "decisions": [{"id": "who-trains", "role": "lead", "before": "first"}],
        "budget": [
            {"id": "cost-training", "quantity": "role-days", "role": "trainer"},
            {"id": "cost-tool", "quantity": "accounts"},
        ],
    }
    book = read(
        tmp_path, phase("launch", task("first")), rollout=rollout, without=["first", "trainer"]
    )
    assert [(one.id, one.before) for one in book.decisions] == [("who-trains", None)]
    assert [one.id for one in book.budget] == ["cost-tool"]


def test_an_action_forgets_a_phase_and_a_role_that_are_dropped(tmp_path: Path) -> None:
    own = extended(
        tmp_path, phase("launch"), rollout={"roles": [{"id": "trainer"}]},
        without=["launch", "trainer"],
    )  # fmt: skip
    factor = yaml.safe_load((SOUND / "factors/surveys.yaml").read_text(encoding="utf-8"))
    factor["actions"][0] |= {"phase": "launch", "role": "trainer"}
    write(own / "factors/surveys.yaml", factor)
    words = (SOUND / "texts/en/surveys.yaml").read_text(encoding="utf-8")
    (own / "texts/en/surveys.yaml").write_text(words, encoding="utf-8")
    action = read_playbook(own, "en").actions["run-survey"]
    assert (action.phase, action.role) == (None, None)


@pytest.mark.parametrize("name", ["lead", "preparation"])
def test_what_others_cannot_do_without_is_not_left_out_in_silence(
    tmp_path: Path, name: str
) -> None:
    assert codes(tmp_path, without=[name]) == {"unknown-reference"}


def test_a_circle_is_found_through_what_is_dropped(tmp_path: Path) -> None:
    circle = phase(
        "launch", task("first", "third"), task("second", "first"), task("third", "second")
    )
    assert codes(tmp_path, circle, without=["second"]) == {"cycle"}


def test_an_entry_knows_itself_by_its_id() -> None:
    book = read_playbook(SOUND, "en")
    assert all(entry.id == name for name, entry in book.entries.items())
    assert {"begin", "write-charter", "ideas-each-month", "lead"} <= book.entries.keys()


@pytest.mark.parametrize(
    "name",
    ["rollout.yaml", "phases/preparation.yaml", "texts/en/rollout.yaml",
     "texts/en/phases/preparation.yaml"],
)  # fmt: skip
def test_a_file_of_a_rollout_has_its_whole_playbook_checked(tmp_path: Path, name: str) -> None:
    copytree(SOUND, tmp_path, dirs_exist_ok=True)
    factor = tmp_path / "factors/surveys.yaml"
    text = factor.read_text(encoding="utf-8").replace("survey-run: true", "survey-runs: true")
    factor.write_text(text, encoding="utf-8")
    checked = validate([Found(tmp_path / name, named=True)], lambda _: "core", "en")
    assert [(one.path, one.code) for one in checked.diagnostics] == [
        (str(factor), "unknown-reference")
    ]
