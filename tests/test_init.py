"""`rse-plan init` without a terminal: what it takes from flags and files, what it writes."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from command import Run
from dialogue import (
    NAMED,
    OWN,
    SCHEMA,
    fact,
    known_but,
    require_sound,
    save,
)

from rse_plan.cli.init import fact_flags
from rse_plan.documents.schema import schema_text
from rse_plan.files.writer import written
from rse_plan.interview.questions import outer_paths
from rse_plan.language import NO_BREAK, Language

pytestmark = pytest.mark.usefixtures("here")


def test_what_is_missing_is_listed_by_its_flag_and_nothing_is_written(run: Run, here: Path) -> None:
    ran = run("init")
    assert (ran.code, ran.out) == (2, "")
    assert {"  --name", "  --headcount", "  --pilot-users"} <= set(ran.err.splitlines())
    assert "--defaults" in ran.err
    assert list(here.iterdir()) == []


def test_what_is_missing_of_a_playbook_of_ones_own_is_listed_too(run: Run) -> None:
    ran = run("init", "--data", save(known_but()), "--playbook", OWN)
    assert ran.code == 2
    assert "  --set answers.ideas-per-month=…" in ran.err.splitlines()


def test_flags_and_data_write_a_file_that_is_right(run: Run, here: Path) -> None:
    given = ("--pilot-users", "au moins 100 | annuaire", "--pilot-start", "2026-04-06")
    ran = run("init", "--data", save(known_but("pilot.users", "pilot.start")), *given)
    assert (ran.code, ran.out) == (0, "")
    assert fact("pilot.users") == {"at_least": 100, "source": "annuaire"}
    assert {one.name for one in here.iterdir()} == {"known.yaml", "org.yaml", SCHEMA}
    require_sound(run)


def test_defaults_ask_nothing_and_name_the_organisation_by_its_folder(run: Run, here: Path) -> None:
    assert run("init", "--defaults").code == 0
    assert fact("name") == here.name
    assert fact("as_of") == str(date.today())  # noqa: DTZ011 - as the clock of the place says
    require_sound(run)


def test_defaults_ask_nothing_on_a_terminal_either(talk: Run) -> None:
    assert talk("init", "--defaults", answers=[]).code == 0


def test_what_is_nearer_to_the_person_comes_first(run: Run) -> None:
    facts = {"headcount": 1, "country_count": 1, "sector": "a", "pilot": {"users": 1, "months": 1}}
    save({**NAMED, **facts}, "org.yaml")
    data = save({"country_count": 2, "sector": "b", "pilot": {"months": 2}})
    given = ("--sector", "c", "--pilot-months", "3", "--set", "pilot.months=4")
    assert run("init", "--defaults", "--force", "--data", data, *given).code == 0
    found = [fact(path) for path in ("headcount", "country_count", "sector")]
    assert found == [1, 2, "c"]
    assert fact("pilot") == {"users": 1, "months": 4}


def test_a_fact_replaces_a_fact_and_its_origin(run: Run) -> None:
    save({**NAMED, "headcount": {"value": 5, "source": "a"}}, "org.yaml")
    data = save({"headcount": {"at_least": 3}, "answers": {"mine": {"at_least": 1}}})
    assert run("init", "--defaults", "--force", "--data", data).code == 0
    assert fact("headcount") == {"at_least": 3}
    again = save({"answers": {"mine": {"value": 2, "source": "b"}, "other": 1}})
    assert run("init", "--defaults", "--force", "--data", again).code == 0
    assert fact("answers") == {"mine": {"value": 2, "source": "b"}, "other": 1}


def test_answers_can_be_json(run: Run) -> None:
    Path("known.json").write_text(json.dumps({"headcount": 12, "pilot": {"users": {"at_most": 3}}}))
    assert run("init", "--defaults", "--data", "known.json").code == 0
    assert fact("pilot.users") == {"at_most": 3}


@pytest.mark.parametrize(
    ("flag", "value", "said"),
    [
        ("--headcount", "douze", "Donnez un nombre"),
        ("--headcount", "-5", "hors limites"),
        ("--headcount", "12,5", "un nombre entier"),
        ("--countries", "France", "deux lettres"),
        ("--countries", "[FR", "YAML"),
        ("--sponsorship-level", "chef", "proposées"),
        ("--pilot-start", "demain", "AAAA-MM-JJ"),
        ("--pilot-feedback-answered", "15", "15%"),
        ("--culture-use-voluntary", "sans objet", "Dites pourquoi"),
        ("--use-cases", "[{title: A}]", "id"),
        ("--name", "", "vide"),
        ("--name", "a\udcff", "UTF-8"),
        ("--governance-lead", "a\udcff", "UTF-8"),
    ],
)
def test_a_wrong_value_is_refused_with_its_flag(
    run: Run, here: Path, flag: str, value: str, said: str
) -> None:
    ran = run("init", "--defaults", flag, value)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{flag}{NO_BREAK}: ")
    assert said in ran.err
    assert list(here.iterdir()) == []


def test_a_value_that_contradicts_another_is_refused(run: Run) -> None:
    data = save({"headcount": 10})
    ran = run("init", "--defaults", "--data", data, "--pilot-users", "20")
    assert ran.code == 2
    assert "pilot.users vaut 20" in ran.err
    assert not Path("org.yaml").exists()


def test_what_is_doubtful_in_the_file_is_said_once_it_is_written(run: Run, talk: Run) -> None:
    data = save({"answers": {"ideas-per-mont": 3}})
    for ran in (
        run("init", "--defaults", "--data", data, "--playbook", OWN),
        talk("init", "--playbook", OWN, answers=[""] * 150),
    ):
        assert ran.code == 0
        assert re.search(r"org.yaml:[0-9]+:[0-9]+: unknown-answer", ran.err)
        assert "vouliez-vous dire" in ran.err


def test_a_set_path_that_is_no_fact_is_refused(run: Run) -> None:
    ran = run("init", "--defaults", "--set", "pilot.user=20", "--language", "en")
    assert ran.code == 2
    assert "did you mean “users”" in ran.err


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("headcount: 10\npilot:\n  user: 20\n", "3:3", "unknown-key"),
        ("headcount: 10\npilot:\n  users: 20\n", "3:10", "part-above-whole"),
        ("headcount: dix\n", "1:12", "expected-integer"),
        ("- headcount\n", "1:1", "expected-mapping"),
        ("kind: plan\n", "1:7", "wrong-kind"),
        ("a: [\n", "2:1", "yaml-syntax"),
    ],
)
def test_a_wrong_file_of_answers_is_reported_by_its_own_lines(
    run: Run, text: str, place: str, code: str
) -> None:
    Path("known.yaml").write_text(text)
    ran = run("init", "--defaults", "--data", "known.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert re.search(rf"known.yaml:{place}: .*{code}", ran.err)
    assert not Path("org.yaml").exists()


def test_a_file_that_exists_is_written_anew_only_when_forced(run: Run) -> None:
    save({**NAMED, "headcount": 5}, "org.yaml")
    before = Path("org.yaml").read_bytes()
    ran = run("init", "--defaults", "--pilot-users", "3")
    assert ran.code == 2
    assert "--force" in ran.err
    assert Path("org.yaml").read_bytes() == before
    assert run("init", "--defaults", "--pilot-users", "3", "--force").code == 0
    assert (fact("headcount"), fact("pilot.users")) == (5, 3)


def test_a_file_that_somebody_edited_is_kept_beside_the_new_one(run: Run) -> None:
    edited = f"# nos mots\n{written(NAMED)}"
    Path("org.yaml").write_text(edited)
    ran = run("init", "--defaults", "--force")
    assert "org.yaml.bak" in ran.err
    assert Path("org.yaml.bak").read_text() == edited
    # What init wrote itself is nobody's words, in whatever language.
    assert "bak" not in run("init", "--defaults", "--force", "--language", "en").err
    Path("org.yaml").write_text(f"# d'autres mots\n{edited}")
    assert run("init", "--defaults", "--force").code == 0
    assert Path("org.yaml.bak").read_text() == edited
    assert Path("org.yaml.bak2").read_text() == f"# d'autres mots\n{edited}"


@pytest.mark.parametrize("text", ["kind: organisation\n", "kind: [\n", "[1]\n", "headcount: 1\n"])
def test_a_file_that_is_wrong_is_reported_and_left_alone(talk: Run, text: str) -> None:
    Path("org.yaml").write_text(text)
    for options in (("--defaults", "--force"), ()):
        ran = talk("init", *options, answers=["o", "A", ""])
        assert ran.code == 1
        assert "org.yaml:" in ran.err
        assert Path("org.yaml").read_text() == text


def test_a_contradiction_in_the_file_is_reported_by_its_own_lines(talk: Run) -> None:
    Path("org.yaml").write_text(written({**NAMED, "headcount": 5, "pilot": {"users": 9}}))
    ran = talk("init", answers=["o"])
    assert ran.code == 1
    assert "org.yaml:5:16: " in ran.err


def test_the_schema_is_written_once_and_left_to_whoever_changed_it(run: Run) -> None:
    assert run("init", "--defaults").code == 0
    assert Path(SCHEMA).read_text(encoding="utf-8") == schema_text("organisation", Language("fr"))
    assert SCHEMA not in run("init", "--defaults", "--force", "--language", "en").err
    Path(SCHEMA).write_text("{}")
    ran = run("init", "--defaults", "--force")
    assert f"rse-plan schema organisation -o {SCHEMA} --force" in ran.err
    assert Path(SCHEMA).read_text() == "{}"


@pytest.mark.parametrize("path", ["nowhere/org.yaml", "org.json", "."])
def test_a_place_that_no_file_can_take_is_refused_before_any_question(
    talk: Run, here: Path, path: str
) -> None:
    ran = talk("init", path, answers=["Essai"])
    assert ran.code == 2
    assert "Essai" not in ran.err
    assert list(here.iterdir()) == []


def test_every_fact_has_a_flag_of_its_own(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    flags = fact_flags()
    assert set(flags) == {"name", *outer_paths()}
    assert len(set(flags.values())) == len(flags)
    monkeypatch.setenv("COLUMNS", "200")
    shown = run("init", "--help").out
    assert all(flag in shown for flag in flags.values())


def test_a_playbook_of_ones_own_asks_its_questions_and_its_file_agrees_with_it(run: Run) -> None:
    given = ("--set", "answers.ideas-per-month=12", "--set", "answers.ideas-followed-up=55%")
    ran = run("init", "--data", save(known_but()), "--playbook", OWN, *given)
    assert ran.code == 0, ran.err
    assert fact("playbook") == {"name": "own-playbook", "version": "1.0.0"}
    require_sound(run, "--playbook", OWN)
