"""The plan command: a new plan, scenarios, and options that mean nothing together."""

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from plan_files import _WRITTEN, Make, edit, plan

from rse_plan.cli import plan as plan_command
from rse_plan.plan.generation import Effort

pytestmark = pytest.mark.usefixtures("few_draws")


# ── A new plan ────────────────────────────────────────────────────────────────────────────────────


def test_a_plan_is_shown_and_nothing_is_written_unless_a_file_is_named(
    make: Make, here: Path
) -> None:
    found = make()
    assert (found.code, found.err) == (0, "")
    assert "Essai" in found.out
    assert [path.name for path in here.iterdir()] == ["org.yaml"]


def test_the_schema_that_a_plan_names_stands_beside_it(make: Make, here: Path) -> None:
    assert make("-o", "plan.yaml").code == 0
    first = (here / "plan.yaml").read_text(encoding="utf-8").splitlines()[0]
    schema = json.loads((here / first.partition("$schema=")[2]).read_text(encoding="utf-8"))
    Draft7Validator(schema).validate(plan(here / "plan.yaml"))


def test_a_better_plan_says_what_it_is_worth(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("ortools")
    monkeypatch.setattr(plan_command, "BETTER", Effort(evaluations=30, windows=1))
    found = make("--optimise")
    assert (found.code, found.err) == (0, "")
    assert "of the best plan possible" in found.out
    assert make("--optimise").out == found.out


def test_a_plan_starts_on_the_first_monday_on_or_after_its_day(there: Make, here: Path) -> None:
    # 14 October 2026 is a Wednesday.
    assert plan(here / "plan.yaml")["settings"]["start"] == "2026-10-19"
    assert there("-o", "monday.yaml", "--as-of", "2026-10-12").code == 0
    assert plan(here / "monday.yaml")["settings"]["start"] == "2026-10-12"


def test_wishes_are_written_in_the_plan(make: Make, here: Path) -> None:
    found = make(
        "-o", "plan.yaml", "--start", "2027-01-11", "--deadline", "2029-01-01", "--order", "zones",
        "--objective", "end", "--ambassadors", "15%", "--seed", "7",
    )  # fmt: skip
    assert found.code == 0
    settings = plan(here / "plan.yaml")["settings"]
    assert settings.pop("spread")
    assert settings == {
        "start": "2027-01-11", "deadline": "2029-01-01", "order": "zones",
        "objective": ["end", "reach", "critical-mass"], "ambassador_share": 0.15, "seed": 7,
    }  # fmt: skip


def test_a_plan_that_exists_is_overwritten_only_when_forced(there: Make, here: Path) -> None:
    edit(here / "plan.yaml", "kind: plan\n", "kind: plan  # ours\n")
    found = there("-o", "plan.yaml")
    assert (found.code, found.out) == (2, "")
    assert "--update" in found.err
    assert "--force" in found.err
    assert "# ours" in (here / "plan.yaml").read_text(encoding="utf-8")
    assert there("-o", "plan.yaml", "--force").code == 0
    assert (here / "plan.yaml").read_bytes() == _WRITTEN["plan.yaml"]
    (here / "folder").mkdir()
    assert there("-o", "folder").code == 2
    assert there("-o", "folder", "--force").code == 2
    assert there("-o", "x" * 300).code == 2


def test_a_broken_record_does_not_keep_a_plan_from_being_made_anew(there: Make, here: Path) -> None:
    (here / "plan.record.json").write_text("{", encoding="utf-8")
    assert there("-o", "plan.yaml", "--force").code == 0
    assert there("--check").code == 0


def test_a_playbook_without_phases_gives_no_plan(make: Make, here: Path) -> None:
    book = here / "book"
    (book / "factors").mkdir(parents=True)
    source = Path(__file__).parent / "example_playbook"
    for path in source.rglob("*"):
        part = path.relative_to(source)
        if path.is_file() and not {"phases", "rollout.yaml"} & set(part.parts):
            (book / part).parent.mkdir(parents=True, exist_ok=True)
            (book / part).write_bytes(path.read_bytes())
    for arguments in ((), ("--update",), ("--set", "headcount=9")):
        found = make("--playbook", str(book), *arguments)
        assert (found.code, found.out) == (2, "")
        assert "phases" in found.err


def test_a_role_of_nobody_is_named_with_its_task(make: Make, here: Path) -> None:
    edit(here / "org.yaml", "{role: trainer, people: 1}", "{role: trainer, people: 0}")
    found = make()
    assert (found.code, found.out) == (2, "")
    assert re.search("The task “[a-z.-]+” asks for more people than the role “trainer”", found.err)
    assert "raise people or days_per_week" in found.err


# ── Scenarios ─────────────────────────────────────────────────────────────────────────────────────


def test_scenarios_are_compared_and_nothing_is_written(there: Make, here: Path) -> None:
    found = there(
        "--set", "means.team.community-manager.people=6; means.team.trainer.people=3",
        "--set", "plan.start=2027-01-04", "--set", "plan.ambassador_share=20%",
        "--start", "2026-11-02", "--output-format", "json",
    )  # fmt: skip
    assert (found.code, found.err) == (0, "")
    base, people, start, share = json.loads(found.out)["scenarios"]
    assert base["set"] == ""
    assert people["figures"]["reach"] <= base["figures"]["reach"]
    assert start["figures"]["end"] > base["figures"]["end"]
    assert share["figures"] == base["figures"]
    assert (here / "plan.yaml").read_bytes() == _WRITTEN["plan.yaml"]
    assert "Essai" in there("--set", "plan.order=zones").out


@pytest.mark.parametrize(
    ("scenario", "code", "said"),
    [
        ("means.team.nobody.people=6", 2, "nobody"),
        ("plan.order", 2, "PATH=VALUE"),
        ("plan.order=sideways", 1, "sideways"),
        ("plan.colour=red", 1, "colour"),
        ("plan.start=soon", 1, "soon"),
        ("headcount=-1", 1, "headcount"),
    ],
)
def test_a_scenario_that_cannot_be_is_refused(
    scenario: str, code: int, said: str, make: Make
) -> None:
    found = make("--set", scenario)
    assert (found.code, found.out) == (code, "")
    assert said in found.err


# ── Options that mean nothing together ────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--now", "2027-01-04"), "--now goes with --update, --check or --diff only"),
        (("--replan",), "--replan goes with --update, --check or --diff only"),
        (("--set", "headcount=9", "--replan"), "does not go with --replan"),
        (("--baseline",), "--baseline goes with --update only"),
        (("--check", "--baseline"), "--baseline goes with --update only"),
        (("--update", "--diff", "--baseline"), "--baseline goes with --update only"),
        (("--set", "headcount=9", "--update"), "does not go with --update"),
        (("--set", "headcount=9", "--check"), "does not go with --check"),
        (("--set", "headcount=9", "--diff"), "does not go with --diff"),
        (("--set", "headcount=9", "-o", "plan.yaml"), "does not go with -o"),
        (("--deadline", "2026-10-18"), "The deadline, 18 October 2026, lies before the start"),
        (("--set", "headcount=9", "--deadline", "2026-01-01"), "19 October 2026"),
        (("--update", "--deadline", "2026-10-18"), "lies before the start"),
        (("--update", "--now", "2026-10-18"), "the plan does not start before 19 October 2026"),
        (("--check", "--start", "2026-12-07", "--now", "2026-12-06"), "7 December 2026"),
    ],
)
def test_what_means_nothing_is_refused(
    arguments: tuple[str, ...], said: str, there: Make, here: Path
) -> None:
    found = there(*arguments)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert (here / "plan.yaml").read_bytes() == _WRITTEN["plan.yaml"]


def test_no_update_goes_back_before_the_last(there: Make, here: Path) -> None:
    assert there("--update", "--now", "2027-02-01").code == 0
    before = (here / "plan.yaml").read_bytes()
    found = there("--update", "--now", "2027-01-31")
    assert (found.code, found.out) == (2, "")
    assert "brought up to date on 1 February 2027" in found.err
    assert (here / "plan.yaml").read_bytes() == before
    assert there("--update", "--now", "2027-02-01").code == 0
    assert there("--check", "--replan", "--now", "2027-02-02").code == 1


def test_what_a_project_sets_for_its_updates_is_in_nobody_s_way(make: Make, here: Path) -> None:
    (here / "rse-plan.toml").write_text("[plan]\nreplan = true\nbaseline = true\n", "utf-8")
    assert make().code == 0


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("--ambassadors", "250%", "«\u00a0250%\u00a0» n'est pas une part de 0 à 100\u00a0%"),
        ("--ambassadors", "beaucoup", "«\u00a0beaucoup\u00a0» n'est pas une part"),
        ("--start", "demain", "«\u00a0demain\u00a0» n'est pas un jour"),
        ("--deadline", "2026-02-30", "écrivez AAAA-MM-JJ"),
    ],
)
def test_a_wrong_value_is_named_with_what_to_write(
    option: str, given: str, said: str, make: Make
) -> None:
    found = make(option, given)
    assert found.code == 2
    words = re.sub(r"[│\s]+", " ", found.err).replace("\u00a0", " ")
    assert " ".join(said.replace("\u00a0", " ").split()) in words
