"""`rse-plan init`: what it asks on a terminal, what it takes from flags, what it writes."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

import command
import pexpect
import pytest
from builders import core
from command import Ran, Run

from rse_plan.cli import questionnaire
from rse_plan.cli.init import fact_flags
from rse_plan.documents.schema import schema_text
from rse_plan.files import read_file
from rse_plan.files.writer import written
from rse_plan.interview.questions import Interview, outer_paths
from rse_plan.language import NO_BREAK, Language

OWN = str(Path(__file__).parents[1] / "examples" / "own-playbook")
AS_OF = "2026-11-01"
NAMED = {"kind": "organisation", "name": "Essai", "as_of": AS_OF}
SCHEMA = "organisation.schema.json"
CONSISTENT: Mapping[str, Any] = {
    "headcount": 1200,
    "legal": {"works_council": {"consultation_end": "2026-03-31"}},
}
BY_KIND: Mapping[str, Any] = {
    "boolean": True,
    "number": 3,
    "share": "40%",
    "date": "2026-05-04",
    "text": "la DSI",
    "countries": ["FR"],
    "items": [],
}


Answer = str | type[BaseException]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(here: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    assert here.is_dir()
    return partial(command.ran, capsys)


@pytest.fixture
def talk(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run on a terminal where a person gives some answers, then ends the input."""

    def talked(*arguments: str, answers: list[Answer]) -> Ran:
        left: Iterator[Answer] = iter(answers)

        def typed(prompt: str) -> str:
            answer = next(left, EOFError)
            sys.stderr.write(f"{prompt} {answer}\n")
            if isinstance(answer, str):
                return answer
            if answer is UnicodeDecodeError:
                raise UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "")
            raise answer

        monkeypatch.setattr(questionnaire, "_line", typed)
        for stream in (sys.stdin, sys.stderr):
            monkeypatch.setattr(stream, "isatty", lambda: True)
        monkeypatch.setenv("TERM", "dumb")
        monkeypatch.setenv("COLUMNS", "100")
        return run(*arguments)

    return talked


@cache
def known_but(*left: str) -> dict[str, Any]:
    """Answer all that the core playbook asks for, but the facts that begin with some words."""
    interview = Interview(core(), date(2026, 11, 1), {**NAMED, **CONSISTENT})
    while asked := [one for one in interview.left if not one.path.startswith(left)]:
        question = asked[0]
        choices = question.form.choices
        said = [*choices] if question.form.kind == "list" else choices[-1] if choices else None
        interview = interview.answered(question, said or BY_KIND[question.form.kind])
    return interview.data


def save(data: Mapping[str, Any], name: str = "known.yaml") -> str:
    Path(name).write_text(written(data), encoding="utf-8")
    return name


def fact(path: str, name: str = "org.yaml") -> Any:
    here: Any = read_file(Path(name)).data
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here


def require_sound(run: Run, *options: str) -> None:
    """Have the file accepted by `validate`, without a warning, and read by `assess`."""
    checked = run("validate", "org.yaml", "--fail-on", "warning", *options)
    assert checked.code == 0, checked.out
    assert run("assess", "org.yaml", *options).code == 0


# Without a terminal


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


# On a terminal


def test_an_answer_is_kept_as_soon_as_it_is_given(talk: Run) -> None:
    ran = talk("init", answers=["Essai", "industrie", "1 200"])
    assert ran.code == 130
    assert "rse-plan init org.yaml" in ran.err
    assert (fact("name"), fact("sector"), fact("headcount")) == ("Essai", "industrie", 1200)
    require_sound(talk_run(talk))


def talk_run(talk: Run) -> Run:
    return lambda *arguments: talk(*arguments, answers=[])


@pytest.mark.parametrize("ending", [KeyboardInterrupt, EOFError, "!"])
def test_an_interview_that_is_broken_off_goes_on_at_the_next_question(
    talk: Run, ending: Answer
) -> None:
    ran = talk("init", answers=["Essai", "industrie", ending])
    assert ran.code == (0 if ending == "!" else 130)
    again = talk("init", answers=["1 200", ending])
    assert "Reprise de org.yaml" in again.err
    assert again.err.index("Effectif total") < again.err.index("Pays")
    assert "Secteur" not in again.err
    assert fact("headcount") == 1200


@pytest.mark.parametrize("ending", [KeyboardInterrupt, EOFError, "!"])
def test_nothing_is_written_before_the_first_answer(talk: Run, here: Path, ending: Answer) -> None:
    ran = talk("init", answers=["", "<", "?", ending])
    assert "rien n'est écrit" in ran.err
    assert list(here.iterdir()) == []


def test_what_is_not_known_is_kept_as_such(talk: Run) -> None:
    talk("init", answers=["Essai", "", "| annuaire"])
    assert fact("sector") == "unknown"
    assert fact("headcount") == {"value": "unknown", "source": "annuaire"}


def test_an_answer_that_cannot_be_right_is_asked_again(talk: Run) -> None:
    data = save(known_but("pilot.users"))
    typed: list[Answer] = ["5000", "beaucoup", "12,5", "sans objet", UnicodeDecodeError, "900"]
    ran = talk("init", "--data", data, answers=typed)
    assert ran.code == 0
    for said in ("plus que headcount", "Donnez un nombre", "entier", "Dites pourquoi", "UTF-8"):
        assert said in ran.err
    assert ran.err.count("Utilisateurs du pilote (un nombre)") == len(typed)
    assert fact("pilot.users") == 900


def test_a_question_says_why_it_is_asked_and_how_to_answer(talk: Run) -> None:
    ran = talk("init", "--data", save(known_but("pilot.users")), answers=["?", "!"])
    texts = core().indicator_texts("pilot-share")
    said = " ".join(ran.err.split())
    assert " ".join(Language("fr")("init.reminder").split()) in said
    assert "ni le panel de choix" in said
    assert len(texts.why) > 0


def test_the_way_that_is_done_and_the_score_are_shown(talk: Run) -> None:
    ran = talk("init", "--language", "en", answers=["Essai", "x", "!"])
    assert "1 of about 100 · score 0–100%, 0% known" in ran.err
    assert "2 of about " in ran.err


def test_an_answer_can_be_taken_back(talk: Run) -> None:
    ran = talk("init", answers=["Essai", "x", "12", "<", "13", "<", "<", "y", "14", "!"])
    assert ran.code == 0
    assert (fact("sector"), fact("headcount")) == ("y", 14)


def test_there_is_nothing_before_the_first_question(talk: Run) -> None:
    talk("init", answers=["Essai", "<", "<", "x", "!"])
    assert fact("sector") == "x"


def test_choices_are_listed_with_what_they_mean(talk: Run) -> None:
    ran = talk("init", "--data", save(known_but("sponsorship.level")), answers=["4"])
    assert "4  top-leader" in ran.err
    assert fact("sponsorship.level") == "top-leader"


def test_a_whole_interview_of_which_nobody_knows_anything_ends(talk: Run) -> None:
    ran = talk("init", answers=["Essai", *[""] * 150])
    assert ran.code == 0
    assert "rse-plan assess org.yaml" in ran.err
    require_sound(talk_run(talk))


def test_use_cases_are_described_one_by_one(talk: Run) -> None:
    first = ["Signaler un défaut", "?", "qualité", "ouvriers", "", "aucun", "formulaire", "oui"]
    measure: list[Answer] = ["non", "peut-être", "oui", "délai de réponse", "12", "", "2"]
    second = ["Signaler un défaut", *[""] * 9, "", "oui"]
    typed = ["oui", *first, *measure, *second]
    ran = talk("init", "--data", save(known_but("use_cases")), answers=typed)
    assert ran.code == 0
    assert f"Cas d'usage n°{NO_BREAK}2" in ran.err
    one, other = fact("use_cases")
    assert one == {
        "id": "signaler-un-defaut",
        "title": "Signaler un défaut",
        "owner": "qualité",
        "population": "ouvriers",
        "personal_benefit": "unknown",
        "group_benefit": "none",
        "channel_retired": "formulaire",
        "cross_department": True,
        "success_published": False,
        "testimonial": True,
        "kpi": {"name": "délai de réponse", "baseline": 12, "target": "unknown", "result": 2},
    }
    assert other["id"] == "signaler-un-defaut-2"
    assert other["kpi"] == "unknown"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["non"], []),
        ([""], "unknown"),
        (["sans objet : rien à dire"], {"not_applicable": "rien à dire"}),
        (["peut-être", "oui", ""], "unknown"),
        (["oui", "A", "<", "<", "non"], []),
        (["oui", "<", "non"], []),
    ],
)
def test_a_list_can_be_empty_or_unknown(talk: Run, typed: list[Answer], said: object) -> None:
    assert talk("init", "--data", save(known_but("use_cases")), answers=typed).code == 0
    assert fact("use_cases") == said


DESCRIBED = ["A", "B", *[""] * 8]


@pytest.mark.parametrize(
    ("typed", "owners"),
    [
        ([*DESCRIBED, "", "non"], ["B"]),
        ([*DESCRIBED, "", "peut-être", "<", "C", "D", *[""] * 8, "", "n"], ["B", "D"]),
        ([*DESCRIBED, "<", *["<"] * 8, "C", *[""] * 8, "", "non"], ["C"]),
    ],
)
def test_a_list_that_may_go_on_is_at_least_what_is_described(
    talk: Run, typed: list[Answer], owners: list[str]
) -> None:
    data = save(known_but("use_cases"))
    assert talk("init", "--data", data, answers=["oui", *typed]).code == 0
    assert [one["owner"] for one in fact("use_cases.at_least")] == owners


def test_a_list_that_is_broken_off_keeps_what_is_described(talk: Run) -> None:
    data = save(known_but("use_cases"))
    assert talk("init", "--data", data, answers=["oui", *DESCRIBED, "C", "D", "!"]).code == 0
    one, other = fact("use_cases.at_least")
    assert (one["owner"], other["owner"]) == ("B", "D")
    assert "population" not in other


def test_a_file_that_somebody_edited_is_written_anew_only_after_a_yes(talk: Run) -> None:
    edited = f"# nos mots\n{written(NAMED)}"
    for typed in (["", "x"], ["non"], ["peut-être", "n"], ["<"], ["!"], [KeyboardInterrupt], []):
        Path("org.yaml").write_text(edited)
        ran = talk("init", answers=typed)
        assert "org.yaml.bak" in ran.err
        assert Path("org.yaml").read_text() == edited
        assert not Path("org.yaml.bak").exists()
    assert talk("init", answers=["?", "oui", "industrie", "!"]).code == 0
    assert Path("org.yaml.bak").read_text() == edited
    assert fact("sector") == "industrie"
    assert talk("init", answers=["1 200", "!"]).code == 0
    assert fact("headcount") == 1200


def test_a_forced_rewriting_keeps_the_original_too(talk: Run) -> None:
    Path("org.yaml").write_text(f"# nos mots\n{written(NAMED)}")
    assert talk("init", "--force", answers=["industrie", "!"]).code == 0
    assert Path("org.yaml.bak").exists()


def test_a_file_that_is_complete_is_left_as_it_is(talk: Run) -> None:
    text = f"# nos mots\n{written(known_but())}"
    Path("org.yaml").write_text(text)
    ran = talk("init", answers=[])
    assert ran.code == 0
    assert "rse-plan assess org.yaml" in ran.err
    assert Path("org.yaml").read_text() == text


def test_what_the_command_line_completes_is_written_without_a_question(talk: Run) -> None:
    data = save(known_but("pilot.users"))
    ran = talk("init", "--data", data, "--pilot-users", "900", answers=[])
    assert ran.code == 0
    assert "Verdict" in ran.err
    assert Language("fr")("init.commands.back_does") not in ran.err
    assert fact("pilot.users") == 900


def test_no_verdict_is_given_when_too_much_is_not_applicable(talk: Run) -> None:
    nothing = {"not_applicable": "rien de tel ici"}
    known = known_but()
    blocks = ("culture", "managers", "means", "sponsorship", "training", "roadmap")
    left_out = {name: dict.fromkeys(known[name], nothing) for name in blocks}
    ran = talk("init", "--data", save({**known, **left_out}), answers=[])
    assert ran.code == 0
    assert "Verdict" not in ran.err


def test_a_playbook_of_ones_own_is_asked_in_its_own_words(talk: Run) -> None:
    data = save(known_but())
    options = ("--playbook", OWN, "--language", "en")
    ran = talk("init", "--data", data, *options, answers=["30", "30%", "12"])
    assert ran.code == 0, ran.err
    assert ran.err.count("Answer (in %, or from 0 to 1)") == 2
    assert f"rse-plan assess org.yaml --playbook {OWN} --language en" in ran.err
    assert fact("answers") == {"ideas-followed-up": "30%", "ideas-per-month": 12}
    require_sound(talk_run(talk), *options)


LEVELS = """\
kind: playbook
name: levels
version: 1.0.0
extends: core
languages: [fr, en]
"""
ASKED = """\
kind: factor
id: rhythm
weight: 40
sources: [ours]
indicators:
  - id: posts-rhythm
    unit: level
    measure: {type: fact, of: answers.rhythm}
    value: {type: level, levels: {never: 0, often: 1}}
    basis: judgement
    sources: [ours]
"""
SOURCES = "kind: sources\nsources:\n  ours: {publisher: Nous, title: Notre pratique}\n"
TEXTS = """\
kind: factor-texts
name: Rythme
why: Ce qui revient s'installe.
weight: Notre jugement.
indicators:
  posts-rhythm:
    name: Rythme
    question: À quel rythme ?
    why: Ce qui revient s'installe.
    gap: Rien ne revient.
    levels: {never: presque jamais, often: chaque semaine}
"""


def test_the_levels_of_a_playbook_of_ones_own_are_labelled(talk: Run, here: Path) -> None:
    folder = here / "levels"
    (folder / "factors").mkdir(parents=True)
    (folder / "playbook.yaml").write_text(LEVELS)
    (folder / "sources.yaml").write_text(SOURCES)
    (folder / "factors" / "rhythm.yaml").write_text(ASKED)
    for code in ("fr", "en"):
        texts = folder / "texts" / code
        texts.mkdir(parents=True)
        (texts / "rhythm.yaml").write_text(TEXTS, encoding="utf-8")
        (texts / "playbook.yaml").write_text("kind: playbook-texts\nname: Niveaux\n")
    ran = talk("init", "--data", save(known_but()), "--playbook", "levels", answers=["2"])
    assert ran.code == 0, ran.err
    assert "presque jamais" in ran.err
    assert fact("answers.rhythm") == "often"


def test_a_path_with_a_space_is_quoted_in_what_comes_next(talk: Run, here: Path) -> None:
    (here / "nos fichiers").mkdir()
    ran = talk("init", "nos fichiers/org.yaml", answers=["Essai", "!"])
    assert "rse-plan init 'nos fichiers/org.yaml'" in ran.err


@pytest.mark.parametrize("shown", [True, False])
def test_a_prompt_is_shown_wherever_the_results_go(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, shown: bool
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: shown)
    monkeypatch.setattr("builtins.input", lambda prompt="": f"<{prompt}>")
    found = questionnaire._line("Nom :")  # noqa: SLF001 - what the other tests replace
    assert found == ("<Nom : >" if shown else "<>")
    assert capsys.readouterr().err == ("" if shown else "Nom : ")


# On a terminal that is one


class Session:
    """A person at a terminal."""

    def __init__(self, folder: Path, *options: str) -> None:
        environment = {**os.environ, "TERM": "dumb", "LC_ALL": "C.UTF-8", "RSE_PLAN_LANGUAGE": "fr"}
        self.terminal = pexpect.spawn(
            sys.executable,
            ["-m", "rse_plan", "init", *options],
            cwd=folder,
            env=environment,
            encoding="utf-8",
            timeout=20,
            dimensions=(50, 100),
        )

    def answers(self, *asked: tuple[str, str]) -> "Session":
        for prompt, answer in asked:
            self.terminal.expect_exact(prompt)
            self.terminal.sendline(answer)
        return self

    def ends(self, said: str, by: Callable[[], object] | None = None) -> int:
        # What is pressed between a prompt and the wait for a key is lost: people press again.
        for press in [by] * 10 if by else []:
            press()
            if self.terminal.expect_exact([said, pexpect.TIMEOUT], timeout=2) == 0:
                break
        else:
            self.terminal.expect_exact(said)
        self.terminal.expect(pexpect.EOF)
        self.terminal.close()
        return int(self.terminal.exitstatus or 0)


@pytest.mark.parametrize(
    ("code", "before", "after", "users"),
    [
        (
            "fr",
            [
                ("Utilisateurs du pilote (un nombre)", "5 000"),
                ("plus que headcount", "au plus 900"),
            ],
            [("Fin du pilote (AAAA-MM-JJ)", "2026-08-31"), ("Retours suivis", "12,5 %")],
            {"at_most": 900},
        ),
        (
            "en",
            [("Pilot users (a number)", "5,000"), ("more than headcount", ">= 100 | directory")],
            [("End of the pilot (YYYY-MM-DD)", "2026-08-31"), ("Feedback answered", "12.5%")],
            {"at_least": 100, "source": "directory"},
        ),
    ],
)
def test_a_session_is_broken_off_and_taken_up_again(
    run: Run,
    here: Path,
    code: str,
    before: list[tuple[str, str]],
    after: list[tuple[str, str]],
    users: object,
) -> None:
    data = save(known_but("pilot.users", "pilot.end", "pilot.months", "pilot.feedback_answered"))
    first = Session(here, "--data", data, "--language", code).answers(*before)
    first.terminal.expect_exact(after[0][0])
    assert first.ends("rse-plan init org.yaml", first.terminal.sendintr) == 130
    assert fact("pilot.users") == users
    require_sound(run)
    again = Session(here, "--language", code).answers(*after)
    assert again.ends("rse-plan assess org.yaml") == 0
    assert fact("pilot.end") == "2026-08-31"
    require_sound(run)


def test_the_end_of_input_ends_a_session(run: Run, here: Path) -> None:
    session = Session(here).answers(("Nom de l'organisation", "Essai"))
    session.terminal.expect_exact("Secteur")
    assert session.ends("rse-plan init org.yaml", session.terminal.sendeof) == 130
    require_sound(run)
