"""``rse-plan.toml`` and ``RSE_PLAN_*``: a project's own defaults."""

import json
from pathlib import Path

import pytest
from command import Run

OWN = Path(__file__).parents[1] / "examples" / "own-playbook"

# One warning, in words that tell the languages apart.
DOUBTFUL = "kind: organisation\nname: NO\n"
FRENCH, ENGLISH = "(avertissement)", "(warning)"
ANSWERS = "kind: organisation\nname: Essai\nanswers: {ideas-followed-up: 30%}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, content: str) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return name


def test_without_settings_there_are_only_ours(run: Run) -> None:
    ran = run("validate", put("org.yaml", DOUBTFUL))
    assert (ran.code, ran.err) == (0, "")
    assert FRENCH in ran.out


def test_an_option_for_all_commands_counts_for_each_that_has_it(run: Run) -> None:
    put("rse-plan.toml", 'language = "en"\noutput-format = "json"\nfail-under = "1%"\n')
    path = put("org.yaml", DOUBTFUL)
    validated, assessed = run("validate", path), run("assess", path)
    assert validated.code == 0
    assert "“NO”" in json.loads(validated.out)["diagnostics"][0]["message"]
    assert json.loads(assessed.out)["organisation"] == "NO"
    assert assessed.code == 1
    assert "1%" in assessed.err


def test_an_option_for_one_command_counts_for_it_alone(run: Run) -> None:
    put("rse-plan.toml", 'language = "fr"\n[validate]\nlanguage = "en"\nfail-on = "warning"\n')
    path = put("org.yaml", DOUBTFUL)
    ran = run("validate", path)
    assert ran.code == 1
    assert ENGLISH in ran.out
    assert FRENCH in run("assess", path).err


def test_the_nearest_settings_above_the_first_file_count(run: Run) -> None:
    put("rse-plan.toml", 'language = "en"\n')
    put("near/rse-plan.toml", 'language = "fr"\n')
    near, far = put("near/deep/org.yaml", DOUBTFUL), put("far/deep/org.yaml", DOUBTFUL)
    assert FRENCH in run("validate", near).out
    assert ENGLISH in run("validate", far).out
    assert ENGLISH not in run("validate", near, far).out
    assert FRENCH not in run("validate", far, near).out
    assert FRENCH in run("validate", "near/deep").out
    assert FRENCH in run("validate", "near").out


def test_a_folder_with_the_name_of_a_command_is_not_the_command(run: Run) -> None:
    put("validate/rse-plan.toml", 'language = "en"\n')
    assert FRENCH in run("validate", put("org.yaml", DOUBTFUL)).out


@pytest.mark.parametrize(
    "named",
    [("--stdin-filename", "near/org.yaml"), ("--stdin-filename=near/org.yaml",)],
    ids=["two words", "one word"],
)
def test_the_settings_near_the_file_of_an_editor_count(
    run: Run, named: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    put("near/rse-plan.toml", 'language = "en"\n')
    put("near/org.yaml", "")
    put("sent", DOUBTFUL)
    with (folder / "sent").open(encoding="utf-8") as sent:
        monkeypatch.setattr("sys.stdin", sent)
        assert ENGLISH in run("validate", "-", *named).out


def test_the_command_line_comes_before_the_environment_and_that_before_the_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("rse-plan.toml", 'language = "en"\n[validate]\noutput-format = "json"\nfail-on = "never"\n')
    given = ("validate", put("org.yaml", "kind: organisation\n"))
    assert run(*given).code == 0
    assert run(*given).out.startswith("{")
    monkeypatch.setenv("RSE_PLAN_OUTPUT_FORMAT", "gitlab")
    monkeypatch.setenv("RSE_PLAN_FAIL_ON", "error")
    monkeypatch.setenv("RSE_PLAN_LANGUAGE", "fr")
    ran = run(*given)
    assert ran.code == 1
    assert json.loads(ran.out)[0]["description"].count("«")
    monkeypatch.setenv("RSE_PLAN_VALIDATE_OUTPUT_FORMAT", "concise")
    assert run(*given).out.startswith("org.yaml:1:1: missing-key ")
    chosen = ("--output-format", "json", "--fail-on", "never", "--language", "en")
    ran = run(*given, *chosen)
    assert ran.code == 0
    assert json.loads(ran.out)["diagnostics"][0]["message"].count("“")


@pytest.mark.parametrize(
    ("name", "value"), [("RSE_PLAN_EXCLUDE", "drafts a.yaml"), ("RSE_PLAN_JOBS", "2")]
)
def test_any_option_can_stand_in_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    put("drafts/b.yaml", "kind: organisation\n")
    put("a.yaml", "kind: organisation\n")
    put("c.yaml", DOUBTFUL)
    before = run("validate", ".", "--output-format", "concise")
    monkeypatch.setenv(name, value)
    after = run("validate", ".", "--output-format", "concise")
    kept = [one for one in before.out.splitlines() if name == "RSE_PLAN_JOBS" or "c.yaml" in one]
    assert after.out.splitlines() == kept
    assert len(before.out.splitlines()) == 3


@pytest.mark.parametrize("exclude", ['"drafts"', '["drafts", "none"]'])
def test_a_list_may_be_one_text(run: Run, exclude: str) -> None:
    put("rse-plan.toml", f"[validate]\nexclude = {exclude}\n")
    put("drafts/a.yaml", "kind: organisation\n")
    put("org.yaml", DOUBTFUL)
    assert run("validate", ".").code == 0
    assert run("validate", ".", "--exclude", "org.yaml").code == 1


def test_settings_may_begin_with_a_byte_order_mark(run: Run) -> None:
    put("rse-plan.toml", '\ufefflanguage = "en"\n')
    assert ENGLISH in run("validate", put("org.yaml", DOUBTFUL)).out


UNKNOWN = [
    ('lang = "fr"', "lang", "language"),
    ("[valid]", "valid", "validate"),
    ('[validate]\nfail-onn = "never"', "validate.fail-onn", "fail-on"),
    ("xyz = 1", "xyz", None),
    ("validate = 1", "validate", None),
    ('[validate]\npaths = ["org.yaml"]', "validate.paths", None),
    ("[validate]\nhelp = true", "validate.help", None),
    ('[compare]\nfail-on = "never"', "compare.fail-on", None),
]


@pytest.mark.parametrize(("text", "key", "meant"), UNKNOWN, ids=[one[1] for one in UNKNOWN])
def test_a_key_that_is_no_option_is_wrong_use(
    run: Run, folder: Path, text: str, key: str, meant: str | None
) -> None:
    put("rse-plan.toml", text)
    ran = run("validate", put("org.yaml", DOUBTFUL), "--language", "en")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{folder / 'rse-plan.toml'}: “{key}” ")
    assert ("did you mean" in ran.err) == (meant is not None)
    assert meant is None or f"“{meant}”" in ran.err


WRONG = [
    'fail-on = "x"', "fail-on = 1", 'fail-on = ["error"]', 'output-format = "html"',
    'language = "de"', "language = 1", 'jobs = "many"', "jobs = 0", "jobs = 1.5", "jobs = [1, 2]",
    'force = "perhaps"',
]  # fmt: skip


@pytest.mark.parametrize("table", ["", "[validate]\n"], ids=["for all", "for one"])
@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_value_is_wrong_use_and_is_said_with_its_place(
    run: Run, folder: Path, table: str, text: str
) -> None:
    put("rse-plan.toml", f"{table}{text}\n")
    ran = run("validate", put("org.yaml", DOUBTFUL))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"{folder / 'rse-plan.toml'}: {text.partition(' ')[0]}: ")
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize(
    "text", [b"language = fr", b"[validate", b"\xff", b'language = "fr"\nlanguage = "en"']
)
def test_what_is_no_toml_is_wrong_use_and_is_said_with_its_place(
    run: Run, folder: Path, text: bytes
) -> None:
    (folder / "rse-plan.toml").write_bytes(text)
    ran = run("validate", put("org.yaml", DOUBTFUL))
    assert (ran.code, ran.out) == (2, "")
    assert str(folder / "rse-plan.toml") in ran.err


@pytest.mark.parametrize("name", ["RSE_PLAN_FAIL_ON", "RSE_PLAN_OUTPUT_FORMAT", "RSE_PLAN_JOBS"])
def test_a_wrong_value_of_the_environment_is_wrong_use(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "x")
    ran = run("validate", put("org.yaml", DOUBTFUL))
    assert (ran.code, ran.out) == (2, "")
    assert name in ran.err


@pytest.fixture
def own(folder: Path) -> str:
    """Lay a link to the playbook that knows the answers, and say where."""
    (folder / "books").mkdir()
    (folder / "books" / "own").symlink_to(OWN)
    return "books/own"


def test_a_relative_playbook_stands_beside_its_settings(
    run: Run, own: str, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    path = put("plans/org.yaml", ANSWERS)
    assert "unknown-answer" in run("validate", path).out
    assert "unknown-answer" in run("assess", path).err
    put("rse-plan.toml", f'playbook = "{own}"\n')
    assert run("validate", path) == (0, "", "")
    assert "unknown-answer" not in run("assess", path).err
    monkeypatch.chdir(folder / "plans")
    assert run("validate", "org.yaml") == (0, "", "")
    assert "unknown-answer" not in run("assess", "org.yaml").err


def test_each_file_is_validated_by_the_playbook_of_its_own_project(run: Run, own: str) -> None:
    put("a/rse-plan.toml", f'[validate]\nplaybook = "../{own}"\n')
    put("b/rse-plan.toml", f'playbook = "../{own}"\n')
    put("c/rse-plan.toml", 'playbook = "core"\n')
    for name in "abcd":
        put(f"{name}/org.yaml", ANSWERS)
    ran = run("validate", "a", "b", "c", "d", "--output-format", "json")
    found = [one["path"] for one in json.loads(ran.out)["diagnostics"]]
    assert found == ["c/org.yaml", "d/org.yaml"]


def test_a_playbook_that_is_asked_for_counts_for_all_files(
    run: Run, own: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a/rse-plan.toml", 'playbook = "core"\n')
    paths = (put("a/org.yaml", ANSWERS), put("b/org.yaml", ANSWERS))
    assert "unknown-answer" in run("validate", *paths).out
    assert run("validate", *paths, "--playbook", own) == (0, "", "")
    monkeypatch.setenv("RSE_PLAN_PLAYBOOK", own)
    assert run("validate", *paths) == (0, "", "")
    assert "unknown-answer" in run("validate", *paths, "--playbook", "core").out


@pytest.mark.parametrize("said", ['"nowhere"', "3", '["core"]'])
def test_a_playbook_that_is_not_there_is_wrong_use(run: Run, said: str) -> None:
    put("rse-plan.toml", f"playbook = {said}\n")
    ran = run("validate", put("org.yaml", ANSWERS))
    assert ran.code == 2
    assert "file-not-found" in ran.out
    assert "playbook.yaml" in ran.out


@pytest.mark.parametrize("text", ["validate = 3\n", "[validate]\nplaybok = 3\n"])
def test_the_settings_of_another_project_do_no_harm(run: Run, text: str) -> None:
    put("b/rse-plan.toml", text)
    ran = run("validate", put("a/org.yaml", ANSWERS), put("b/org.yaml", ANSWERS))
    assert ran.code == 0
    assert ran.out.count("unknown-answer") == 2


def test_an_argument_that_is_too_long_for_a_name_is_no_fault(run: Run) -> None:
    path = put("org.yaml", DOUBTFUL)
    ran = run("whatif", path, "--set", f"name={'x' * 5000}", "--output-format", "json")
    assert ran.code == 0
