"""`rse-plan init` on a terminal: what it asks, what it keeps, where it goes on."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from builders import core
from command import Run
from dialogue import NAMED, OWN, Answer, fact, known_but, require_sound, save

from rse_plan.cli import questionnaire
from rse_plan.files.writer import written
from rse_plan.language import NO_BREAK, Language

pytestmark = pytest.mark.usefixtures("here")


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
