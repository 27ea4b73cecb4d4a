"""``rse-plan validate``: what it checks, what it prints, and with which code it exits."""

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from command import Ran, Run, ran

from rse_plan.documents.reports import FORMATS, Format, Report, write
from rse_plan.files.reader import MAX_BYTES

EXAMPLES = Path(__file__).parents[1] / "examples"
OWN = EXAMPLES / "own-playbook"

SOUND = "kind: organisation\nname: Essai\n"
DOUBTFUL = f"{SOUND}sector: NO\n"
CONTRADICTORY = f"{SOUND}headcount: 100\npilot: {{users: 200}}\n"
MISSPELT = f"{SOUND}headcont: 3\n"
ANSWERS = f"{SOUND}answers: {{ideas-followed-up: 30%}}\n"
FOREIGN = "services: {web: {image: nginx}}\n"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    def validated(*arguments: str, sent: str | io.RawIOBase = "") -> Ran:
        stream = io.BytesIO(sent.encode()) if isinstance(sent, str) else io.BufferedReader(sent)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
        return ran(capsys, "validate", *arguments, "--language", "en")

    return validated


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(name: str, content: str | bytes) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return name


def found(ran: Ran) -> list[tuple[str, int, str]]:
    """Return where the findings of a concise report are, and their codes."""
    lines = (line.split(" ")[:2] for line in ran.out.splitlines())
    return [(place.split(":")[0], int(place.split(":")[1]), code) for place, code in lines]


def codes(ran: Ran) -> list[tuple[str, str]]:
    return [(path, code) for path, _, code in found(ran)]


CODES = [
    ({"org.yaml": SOUND}, (), 0),
    ({"org.yaml": DOUBTFUL}, (), 0),
    ({"org.yaml": DOUBTFUL}, ("--fail-on", "error"), 0),
    ({"org.yaml": DOUBTFUL}, ("--fail-on", "warning"), 1),
    ({"org.yaml": DOUBTFUL}, ("--fail-on", "never"), 0),
    ({"org.yaml": MISSPELT}, (), 1),
    ({"org.yaml": MISSPELT}, ("--fail-on", "warning"), 1),
    ({"org.yaml": MISSPELT}, ("--fail-on", "never"), 0),
    ({"org.yaml": CONTRADICTORY}, (), 1),
    ({"org.yaml": SOUND, "more/org.yaml": MISSPELT}, (), 1),
]


@pytest.mark.parametrize(("files", "options", "code"), CODES)
def test_the_exit_code_says_whether_there_are_findings(
    run: Run, files: dict[str, str], options: tuple[str, ...], code: int
) -> None:
    for name, content in files.items():
        put(name, content)
    assert run(".", *options).code == code


NOTHING = [
    {},
    {"docker-compose.yaml": FOREIGN},
    {"web.yaml": "apiVersion: apps/v1\nkind: Deployment\n---\nkind: Service\n"},
    {"notes.txt": SOUND},
    {".hidden/org.yaml": SOUND},
    {"drafts/org.yaml": SOUND},
]


@pytest.mark.parametrize("files", NOTHING, ids=lambda files: "".join(files) or "nothing")
@pytest.mark.parametrize("form", FORMATS)
def test_a_run_that_checks_nothing_is_never_a_success(
    run: Run, files: dict[str, str], form: Format
) -> None:
    for name, content in files.items():
        put(name, content)
    ran = run(".", "--exclude", "drafts", "--output-format", form)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("org.yaml", "--fail-on", "x"),
        ("org.yaml", "--output-format", "html"),
        ("org.yaml", "--jobs", "0"),
        ("org.yaml", "--nothing"),
        ("org.yaml", "-"),
        ("none.yaml",),
        ("*.none",),
        ("",),
        ("x" * 300,),
        ("org.yaml", "-o", "there.txt"),
    ],
)
def test_wrong_use_exits_with_2_and_prints_no_report(run: Run, arguments: tuple[str, ...]) -> None:
    put("org.yaml", MISSPELT)
    put("there.txt", "a person's own words")
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert Path("there.txt").read_text() == "a person's own words"


@pytest.mark.parametrize("form", FORMATS)
def test_a_fault_of_ours_exits_with_3_and_prints_no_report(
    run: Run, monkeypatch: pytest.MonkeyPatch, form: Format
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("rse_plan.cli.validate.check_files", broken)
    ran = run(put("org.yaml", SOUND), "--output-format", form)
    assert (ran.code, ran.out) == (3, "")
    assert "broken on purpose" in ran.err


def parsed(text: str, form: Format) -> Any:
    if form == "junit":
        return ET.fromstring(text)  # noqa: S314 - our own
    return text if form in {"text", "concise", "github"} else json.loads(text)


@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("form", FORMATS)
def test_nothing_but_the_report_stands_on_stdout(
    run: Run, monkeypatch: pytest.MonkeyPatch, form: Format, terminal: bool
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    put("all/web.yaml", "kind: Deployment\n")
    plain = run(put("all/org.yaml", CONTRADICTORY), "--output-format", form)
    ran = run("all", "--output-format", form)
    assert parsed(ran.out, form) is not None
    assert ran.out == plain.out
    assert bool(ran.err) == terminal
    assert ran.code == 1


@pytest.mark.parametrize("form", FORMATS)
def test_a_sound_file_gives_a_report_without_findings(run: Run, form: Format) -> None:
    ran = run(put("org.yaml", SOUND), "--output-format", form)
    assert (ran.code, ran.err) == (0, "")
    if form in {"text", "concise", "github"}:
        assert ran.out == ""
    else:
        assert parsed(ran.out, form) is not None


@pytest.mark.parametrize("form", FORMATS)
def test_a_report_for_a_file_is_the_one_for_stdout(run: Run, form: Format) -> None:
    for name, content in (("a.yaml", CONTRADICTORY), ("b.yaml", SOUND)):
        shown = run(put(name, content), "--output-format", form)
        ran = run(name, "--output-format", form, "-o", f"{name}.report")
        assert (ran.code, ran.out, ran.err) == (shown.code, "", "")
        assert Path(f"{name}.report").read_text(encoding="utf-8") == shown.out


def test_all_errors_of_all_files_are_given_in_order(run: Run) -> None:
    put("b.yaml", f"{SOUND}headcont: 3\npilot: {{users: many}}\n")
    put("a/c.yaml", "kind: organisation\nname: [\n")
    put("a.yaml", CONTRADICTORY)
    ran = run("b.yaml", "a", "a.yaml", "--output-format", "concise")
    assert found(ran) == [
        ("a.yaml", 4, "part-above-whole"),
        ("a/c.yaml", 3, "yaml-syntax"),
        ("b.yaml", 3, "unknown-key"),
        ("b.yaml", 4, "expected-integer"),
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_a_missing_path_is_said_beside_the_report_of_the_others(run: Run, form: Format) -> None:
    put("a.yaml", CONTRADICTORY)
    put("b.yaml", MISSPELT)
    given = ("--output-format", form)
    alone = run("a.yaml", "b.yaml", *given)
    ran = run("a.yaml", "none.yaml", "b.yaml", "*.none", *given, "--fail-on", "never")
    assert (alone.code, ran.code) == (1, 2)
    assert ran.out == alone.out
    assert "none.yaml: file-not-found" in ran.err
    assert "*.none: file-not-found" in ran.err


def test_each_missing_path_is_said_when_none_is_there(run: Run) -> None:
    ran = run("b.yaml", "a.yaml", "*.none")
    said = [line.split(" ")[:2] for line in ran.err.splitlines() if line]
    assert said == [[f"{path}:", "file-not-found"] for path in ("*.none", "a.yaml", "b.yaml")]


@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_a_file_that_cannot_be_opened_is_reported_and_no_success(
    run: Run, monkeypatch: pytest.MonkeyPatch, fail_on: str
) -> None:
    paths = (put("closed.yaml", SOUND), put("org.yaml", DOUBTFUL))
    opened = Path.open

    def refused(path: Path, *arguments: Any, **named: Any) -> object:
        if path.name == "closed.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **named)

    monkeypatch.setattr("pathlib.Path.open", refused)
    ran = run(*paths, "--output-format", "json", "--fail-on", fail_on)
    assert ran.code == 2
    diagnostics = json.loads(ran.out)["diagnostics"]
    assert [one["code"] for one in diagnostics] == ["file-unreadable", "read-otherwise"]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("content", [None, "", "other\n"])
def test_a_file_that_changes_or_goes_after_it_was_read_is_no_fault(
    run: Run, monkeypatch: pytest.MonkeyPatch, form: Format, content: str | None
) -> None:
    path = put("org.yaml", CONTRADICTORY)

    def changed(report: Report, form: Format) -> str:
        Path(path).unlink()
        if content is not None:
            put(path, content)
        return write(report, form)

    monkeypatch.setattr("rse_plan.cli.validate.write", changed)
    ran = run(path, "--output-format", form)
    assert ran.code == 1
    assert "part-above-whole" in ran.out


@pytest.mark.parametrize(
    "name",
    [
        "a\nb.yaml",
        "a\x1b[31m.yaml",
        "a\u202e.yaml",
        "::error::%0A.yaml",
        "<a>&]]>.yaml",
        "\"a'.yaml",
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_the_name_of_a_file_cannot_break_a_report(run: Run, form: Format, name: str) -> None:
    ran = run(put(name, MISSPELT), "--output-format", form)
    assert (ran.code, ran.err) == (1, "")
    assert parsed(ran.out, form) is not None
    assert all(one == "\n" or one.isprintable() for one in ran.out)
    missing = run(f"no {name}")
    assert missing.code == 2
    assert all(one == "\n" or one.isprintable() for one in missing.err)


@pytest.mark.parametrize("form", FORMATS)
def test_a_name_that_is_no_text_can_be_reported(run: Run, form: Format) -> None:
    name = put(os.fsdecode(b"a\xff.yaml"), MISSPELT)
    for options in ((), ("-o", "report")):
        ran = run(name, "--output-format", form, *options)
        assert (ran.code, ran.err) == (1, "")
        text = ran.out or Path("report").read_text(encoding="utf-8")
        assert parsed(text, form) is not None
        assert "unknown-key" in text


def test_a_pipe_is_read_once_and_not_shown_again(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")
    command = [sys.executable, "-m", "rse_plan", "validate", "pipe.yaml"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        (folder / "pipe.yaml").write_text(MISSPELT)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out.startswith("pipe.yaml:3:1: unknown-key ")


def test_a_device_without_an_end_is_too_large(run: Run) -> None:
    ran = run("/dev/zero")
    assert ran.code == 1
    assert ran.out.startswith("/dev/zero:1:1: file-too-large ")


SENT = [
    ((), "<stdin>", MISSPELT, "unknown-key", "    3 | headcont: 3"),
    (("--stdin-filename", "plans/org.yaml"), "plans/org.yaml", MISSPELT, "unknown-key", "headcont"),
    (("--stdin-filename=a.json",), "a.json", '{"kind": "organisation",\n}', "json-syntax", "2 | }"),
    (("--stdin-filename", "web.yaml"), "web.yaml", FOREIGN, "missing-kind", "services: {web"),
    ((), "<stdin>", f"\ufeff{MISSPELT}", "unknown-key", "headcont: 3"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "name", "content", "code", "shown"), SENT)
def test_an_editor_can_send_what_is_not_saved_yet(
    run: Run, options: tuple[str, ...], name: str, content: str, code: str, shown: str
) -> None:
    put("plans/org.yaml", "what is saved is something else\n")
    ran = run("-", *options, sent=content)
    assert ran.code == 1
    assert ran.out.startswith(f"{name}:")
    assert f" {code} " in ran.out.splitlines()[0]
    assert shown in ran.out


def test_what_is_sent_is_checked_by_the_playbook_beside_the_file_it_is_for(run: Run) -> None:
    put("plans/rse-plan.toml", f'playbook = "{OWN}"\n')
    assert "unknown-answer" in run("-", sent=ANSWERS).out
    assert run("-", "--stdin-filename", "plans/org.yaml", sent=ANSWERS) == (0, "", "")
    assert run("-", "--playbook", str(OWN), sent=ANSWERS) == (0, "", "")


class Endless(io.RawIOBase):
    """What a pipe gives that nobody closes."""

    given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.given += len(buffer)
        assert self.given < 3 * MAX_BYTES, "it is read to its end, which never comes"
        return len(buffer)


def test_of_a_stream_without_an_end_only_the_beginning_is_read(run: Run) -> None:
    ran = run("-", sent=Endless())
    assert ran.code == 1
    assert ran.out.startswith("<stdin>:1:1: file-too-large ")


@pytest.fixture
def own(folder: Path) -> Path:
    """Copy the playbook of one's own, whose files speak of each other."""
    return Path(shutil.copytree(OWN, folder / "own")).relative_to(folder)


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


FILES_OF_A_PLAYBOOK = [
    "playbook.yaml", "sources.yaml", "factors/innovation.yaml", "texts/fr/innovation.yaml",
    "texts/en/playbook.yaml",
]  # fmt: skip


@pytest.mark.parametrize("name", [*FILES_OF_A_PLAYBOOK, ""])
def test_one_file_of_a_playbook_has_all_of_it_checked(run: Run, own: Path, name: str) -> None:
    assert run(str(own / name)) == (0, "", "")
    spoil(
        own / "sources.yaml",
        "sources:\n",
        "sources:\n  unused: {publisher: Nous, title: Notre article}\n",
    )
    spoil(own / "texts/fr/innovation.yaml", "name: Innovation participative", "name: NO")
    ran = run(str(own / name), "--output-format", "concise")
    assert codes(ran) == [
        ("own/sources.yaml", "unused-source"),
        ("own/texts/fr/innovation.yaml", "read-otherwise"),
    ]


@pytest.mark.parametrize("name", FILES_OF_A_PLAYBOOK)
def test_the_faults_of_all_files_and_languages_of_a_playbook_are_given_once(
    run: Run, own: Path, name: str
) -> None:
    for code in ("fr", "en"):
        spoil(
            own / f"texts/{code}/innovation.yaml",
            "kind: factor-texts",
            "kind: factor-texts\nbad: 1",
        )
    spoil(own / "factors/innovation.yaml", "weight: 4", "weight: 4\nbad: 1")
    ran = run(str(own / name), "--output-format", "concise")
    assert codes(ran) == [
        ("own/factors/innovation.yaml", "unknown-key"),
        ("own/texts/en/innovation.yaml", "unknown-key"),
        ("own/texts/fr/innovation.yaml", "unknown-key"),
    ]


def test_a_playbook_is_found_from_inside_its_folders(
    run: Run, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(
        own / "sources.yaml",
        "sources:\n",
        "sources:\n  unused: {publisher: Nous, title: Notre article}\n",
    )
    spoil(own / "factors/innovation.yaml", "weight: 4", "weight: 4\nbad: 1")
    monkeypatch.chdir(own / "factors")
    ran = run("innovation.yaml", "--output-format", "concise")
    assert codes(ran) == [("innovation.yaml", "unknown-key")]
    spoil(Path("innovation.yaml"), "bad: 1\n", "")
    ran = run("innovation.yaml", "--output-format", "concise")
    assert codes(ran) == [("../sources.yaml", "unused-source")]
    ran = run(str(Path("innovation.yaml").absolute()), "--output-format", "concise")
    assert codes(ran) == [(str(Path("../sources.yaml").resolve()), "unused-source")]


def test_a_fault_of_a_playbook_and_of_what_it_scores_is_given_once(run: Run, own: Path) -> None:
    spoil(own / "factors/innovation.yaml", "weight: 4", "weight: 4\nbad: 1")
    # A process reads a playbook once, under the name that it has.
    own.rename("spoilt")
    put("rse-plan.toml", 'playbook = "spoilt"\n')
    Path("spoilt/rse-plan.toml").unlink()
    fault = ("spoilt/factors/innovation.yaml", "unknown-key")
    for paths in ((put("plans/org.yaml", ANSWERS),), ("plans/org.yaml", "spoilt"), (".",)):
        assert codes(run(*paths, "--output-format", "concise")) == [fault]


def test_a_file_of_a_playbook_outside_of_any_is_checked_alone(run: Run, own: Path) -> None:
    path = put("alone/innovation.yaml", (own / "factors/innovation.yaml").read_text("utf-8"))
    assert run(path) == (0, "", "")
    spoil(Path(path), "weight: 4", "weight: 4\nbad: 1")
    assert codes(run(path, "--output-format", "concise")) == [(path, "unknown-key")]


@pytest.mark.parametrize("form", FORMATS)
def test_several_processes_give_the_report_of_one(run: Run, own: Path, form: Format) -> None:
    put("rse-plan.toml", f'playbook = "{OWN}"\n')
    for index, content in enumerate((SOUND, DOUBTFUL, MISSPELT, CONTRADICTORY, ANSWERS, FOREIGN)):
        put(f"plans/{index}.yaml", content)
    spoil(
        own / "sources.yaml",
        "sources:\n",
        "sources:\n  unused: {publisher: Nous, title: Notre article}\n",
    )
    one, several = (run(".", "--output-format", form, "--jobs", jobs) for jobs in ("1", "2"))
    assert one == several
    assert "unused-source" in one.out
    assert one.code == 1


def test_more_processes_than_files_are_not_started(run: Run) -> None:
    paths = (put("a.yaml", SOUND), put("b.yaml", MISSPELT))
    assert run(*paths, "--jobs", "1000000000") == run(*paths)


def test_what_is_wrong_with_a_project_is_said_by_several_processes_too(run: Run) -> None:
    put("a/rse-plan.toml", "not toml")
    paths = (put("org.yaml", SOUND), put("a/org.yaml", ANSWERS))
    ran = run(*paths, "--jobs", "2")
    assert ran.code == 2
    assert "a/org.yaml: file-unreadable" in ran.out
    assert "rse-plan.toml" in ran.out


@pytest.mark.parametrize("content", [SOUND, MISSPELT, CONTRADICTORY, f"{ANSWERS}sector: NO\n"])
def test_heavy_libraries_are_not_imported_for_a_report_in_text(content: str) -> None:
    script = (
        "import sys\n"
        "from rse_plan.cli.app import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)\n"
    )
    ran = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-c", script, "validate", put("org.yaml", content)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONUTF8": "1"},
    )
    assert bool(ran.stdout) == (content != SOUND)
    modules = set(ran.stderr.split())
    assert "rse_plan.cli.validate" in modules
    assert not {"pandas", "numpy", "jinja2", "rich", "babel"} & modules


JSON = [
    ('{"kind": "organisation", "name": "x"}', []),
    ('{\n\t"kind": "organisation",\n\t"name": "x"\n}\n', []),
    ('{"kind": "organisation",\n"headcount": 10}', [(1, 1, "missing-key")]),
    ('{"kind": "organisation",\n"name": "x", "bad": 1}', [(2, 14, "unknown-key")]),
    ('{"kind": "organisation",\n"name": "x",\n}', [(3, 1, "json-syntax")]),
    ('{"kind": "organisation", # why\n"name": "x"}', [(1, 26, "json-syntax")]),
    ('{"kind": "organisation",\n// why\n"name": "x"}', [(2, 1, "json-syntax")]),
    ('{"kind": "organisation"\n"name": "x"}', [(2, 1, "json-syntax")]),
    ('{"kind": "organisation",\n"name": "x', [(2, 9, "json-syntax")]),
    ("{'kind': 'organisation', 'name': 'x'}", [(1, 2, "json-syntax")]),
    ("kind: organisation\nname: x\n", [(1, 1, "json-syntax")]),
    ('{"kind": "organisation",\n"name": "x", "name": "y"}', [(2, 14, "duplicate-key")]),
    ('{"kind": "organisation",\n"name": ' + "[" * 70 + "]" * 70 + "}", [(2, 72, "too-deep")]),
    ('{"kind": "organisation",\n"name": ' + "[" * 100_000, [(2, 72, "too-deep")]),
]


@pytest.mark.parametrize(("content", "expected"), JSON)
def test_an_organisation_may_be_json(
    run: Run, content: str, expected: list[tuple[int, int, str]]
) -> None:
    ran = run(put("acme.json", content), "--output-format", "json")
    diagnostics = json.loads(ran.out)["diagnostics"]
    assert [(one["line"], one["column"], one["code"]) for one in diagnostics] == expected
    assert ran.code == bool(expected)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (r"\u00e9\u6f22", "é漢"),
        (r"\ud83d\ude00", "😀"),
        (r"\\ud83d\\ude00", r"\ud83d\ude00"),
        (r"a\/b", "a/b"),
    ],
)
def test_json_escapes_are_read_as_json_reads_them(run: Run, name: str, shown: str) -> None:
    path = put("acme.json", f'{{"kind": "organisation", "name": "x", "headcount": "{name}"}}')
    (one,) = json.loads(run(path, "--output-format", "json").out)["diagnostics"]
    assert one["code"] == "expected-integer"
    assert shown in one["message"]


@pytest.mark.parametrize("half", [r"\ud83d", r"\ude00", r"\ude00\ud83d"])
def test_half_a_character_is_refused_with_its_place(run: Run, half: str) -> None:
    path = put("acme.json", f'{{"kind": "organisation",\n"name": "{half}"}}')
    (one,) = json.loads(run(path, "--output-format", "json").out)["diagnostics"]
    assert one["line"] == 2
    assert one["severity"] == "error"


def test_a_playbook_that_is_not_there_is_wrong_use(run: Run) -> None:
    ran = run(put("org.yaml", ANSWERS), "--playbook", "nowhere", "--fail-on", "never")
    assert ran.code == 2
    assert "nowhere" in ran.out


HERE = Path(__file__).parent
PLAN = (HERE / "example_plan.yaml").read_text(encoding="utf-8")
LATE = PLAN.replace("end: 2026-11-09", "end: 2026-11-06")


def test_a_plan_is_ours_by_its_kind_whatever_it_is_called(run: Run) -> None:
    put("all/rollout-2027.yaml", LATE)
    put("all/plan.record.json", '{"kind": "plan-record", "generations": {}}')
    put("all/upgrade.yaml", PLAN.replace("kind: plan", "apiVersion: upgrade/v1\nkind: Plan"))
    assert codes(run("all", "--output-format", "concise")) == [
        ("all/rollout-2027.yaml", "ends-before-start")
    ]


def test_a_plan_is_checked_from_the_standard_input(run: Run) -> None:
    ran = run("-", "--stdin-filename", "plan.yaml", "--output-format", "concise", sent=LATE)
    assert (ran.code, codes(ran)) == (1, [("plan.yaml", "ends-before-start")])


def test_a_sound_plan_has_nothing_to_report(run: Run) -> None:
    ran = run(put("plan.yaml", PLAN), "--fail-on", "warning")
    assert (ran.code, ran.out.strip()) == (0, run(put("org.yaml", SOUND)).out.strip())


def test_a_plan_of_the_wrong_form_is_told_field_by_field(run: Run) -> None:
    path = put("plan.yaml", PLAN.replace("role: sponsor", "rule: sponsor\n        status: over"))
    ran = run(path, "--output-format", "json")
    found = [(one["code"], one["hint"]) for one in json.loads(ran.out)["diagnostics"]]
    assert [code for code, _ in found] == ["unknown-key", "not-allowed"]
    assert "role" in found[0][1]


def test_a_plan_is_checked_without_calendars_of_countries_or_a_solver(folder: Path) -> None:
    put("plan.yaml", LATE)
    heavy = ("holidays", "ortools", "pandas", "jinja2", "rich")
    script = (
        "import sys\nfrom rse_plan.cli.app import main\n"
        "try:\n    main(['validate', 'plan.yaml'])\nexcept SystemExit:\n    pass\n"
        f"assert not set({heavy!r}) & sys.modules.keys(), sorted(sys.modules)\n"
    )
    command = [sys.executable, "-c", script]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.returncode == 0, ran.stderr
    assert "ends-before-start" in ran.stdout
