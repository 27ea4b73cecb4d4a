"""Which files are checked when files, folders and patterns are named."""

import os
from pathlib import Path

import pytest

from rse_plan.checks.validation import Checked, validate
from rse_plan.files.discovery import find

OURS = "kind: organisation\nname: Essai\n"
DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


def found(*paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [str(one.path) for one in find(paths, exclude)[0]]


def missing(*paths: str) -> list[tuple[str, str]]:
    return [(one.path, one.code) for one in find(paths)[1]]


def checked(*paths: str) -> Checked:
    return validate(find(paths)[0], lambda _: "core", "en")


def codes(*paths: str) -> list[tuple[str, str]]:
    return [(one.path, one.code) for one in checked(*paths).diagnostics]


def test_a_folder_stands_for_the_files_of_ours_below_it() -> None:
    put(dict.fromkeys(("a.yaml", "deep/er/b.yml", "c.json.bak", "notes.txt", "deep/d.YAML"), OURS))
    put({"deep/c.json": '{"kind": "organisation", "name": "x"}'})
    assert found(".") == ["a.yaml", "deep/c.json", "deep/er/b.yml"]


def test_what_is_hidden_is_passed_by_unless_it_is_named() -> None:
    put(dict.fromkeys((".git/a.yaml", "plans/.b.yaml", "plans/c.yaml"), OURS))
    assert found(".") == ["plans/c.yaml"]
    assert found(".git", "plans/.b.yaml") == [".git/a.yaml", "plans/.b.yaml"]


@pytest.mark.parametrize(
    "content",
    [
        "services: {web: {image: nginx}}\n",
        "",
        "- a\n- kind: organisation\n",
        "kind: Deployment\n",
        DEPLOYMENT,
        f"{DEPLOYMENT}---\n{DEPLOYMENT}",
        "apiVersion: v1\nkind: ResourceQuota\n",
        '{"kind": "Deployment", "apiVersion": "v1"}',
        "kind: pipeline\nsteps: !reference [.setup]\n",
        "kind: pipeline\n<<: *base\n",
        "kind: 3\n",
        "kind: [organisation]\n---\n",
        "{{ if .Values.on }}\nkind: Deployment\n{{ end }}\n",
        "name: x\nmankind: organisation\n",
    ],
)
def test_a_file_of_another_tool_is_left_aside_without_a_word(content: str) -> None:
    put({"all/theirs.yaml": content, "all/ours.yaml": OURS})
    assert checked("all").diagnostics == []
    assert checked("all").paths == ("all/ours.yaml",)


@pytest.mark.parametrize("content", ["services: {}\n", DEPLOYMENT, f"{DEPLOYMENT}---\n"])
def test_the_same_file_is_reported_when_it_is_named(content: str) -> None:
    put({"theirs.yaml": content})
    ((path, code),) = codes("theirs.yaml")
    assert path == "theirs.yaml"
    assert code in {"missing-kind", "unknown-kind", "second-document"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "name: x\nkind: organisation\nbad: 1\n"),
        ("a.yaml", "# yaml-language-server: $schema=x\nkind : 'organisation'\nname: x\nbad: 1\n"),
        ("a.yaml", "\ufeffkind: organisation\nname: x\nbad: 1\n"),
        ("a.yaml", "kind: organisation\r\nname: x\r\nbad: 1\r\n"),
        ("a.yaml", "{kind: organisation, name: x, bad: 1}\n"),
        ("a.yaml", "  kind: organisation\n  name: x\n  bad: 1\n"),
        ("a.yaml", "kind:\n  organisation\nname: x\nbad: 1\n"),
        ("a.json", '{"name": "x", "bad": 1, "kind": "organisation"}'),
        ("a.json", '{"name":"x","bad":1,"kind" : "organisation"}'),
    ],
)
def test_a_file_is_ours_however_its_kind_is_written(name: str, content: str) -> None:
    put({f"all/{name}": content})
    assert codes("all") == [(f"all/{name}", "unknown-key")]


@pytest.mark.parametrize(
    ("kind", "meant"),
    [
        ("organsation", "organisation"),
        ("Organisation", "organisation"),
        ("organization", "organisation"),
        ("factr", "factor"),
    ],
)
def test_a_misspelt_kind_is_one_finding_that_says_what_may_be_meant(kind: str, meant: str) -> None:
    put({"all/a.yaml": f"kind: {kind}\nname: x\nbad: 1\n"})
    (fault,) = checked("all").diagnostics
    assert (fault.code, fault.span.line, fault.suggestion) == ("unknown-kind", 1, meant)


@pytest.mark.parametrize("name", ["org.yaml", "org.yml", "acme.rse-plan.yaml"])
@pytest.mark.parametrize("content", ["name: x\n", "", "kind: null\n"])
def test_a_file_that_is_ours_by_its_name_has_to_say_its_kind(name: str, content: str) -> None:
    put({f"all/{name}": content})
    ((path, code),) = codes("all")
    assert path == f"all/{name}"
    assert code in {"missing-kind", "expected-mapping"}


@pytest.mark.parametrize("content", ["kind: organisation\nname: [\n", "kind: factr\n---\n"])
def test_a_file_of_ours_that_cannot_be_read_is_reported(content: str) -> None:
    put({"all/a.yaml": content})
    ((_, code),) = codes("all")
    assert code in {"yaml-syntax", "second-document"}


def test_a_file_named_twice_is_checked_once() -> None:
    put({"plans/org.yaml": OURS})
    Path("link.yaml").symlink_to("plans/org.yaml")
    spellings = ("plans/org.yaml", "./plans/org.yaml", "plans/../plans/org.yaml", "plans", ".")
    assert found(*spellings) == ["plans/org.yaml"]
    assert found(str(Path("plans/org.yaml").absolute()), *spellings, "plans/*.yaml") == [
        str(Path("plans/org.yaml").absolute())
    ]
    assert len(found("plans/org.yaml", "link.yaml")) == 1


def test_a_file_that_is_named_counts_as_named_though_its_folder_is_too() -> None:
    put({"plans/a.yaml": "name: x\n"})
    for paths in (("plans", "plans/a.yaml"), ("plans/a.yaml", "plans")):
        assert codes(*paths) == [("plans/a.yaml", "missing-kind")]


def test_files_come_in_order_whatever_the_order_they_are_named_in() -> None:
    put(dict.fromkeys(("b.yaml", "a/z.yaml", "c.yaml"), OURS))
    assert found("c.yaml", "b.yaml", "a") == found("a", "b.yaml", "c.yaml")


EXCLUDED = [
    ("drafts", {"plans/a.yaml", "plans/old/drafty.yaml"}),
    ("drafts/", {"plans/a.yaml", "plans/old/drafty.yaml"}),
    ("plans/drafts", {"drafts/c.yaml", "plans/a.yaml", "plans/old/drafty.yaml"}),
    ("./plans/drafts", {"drafts/c.yaml", "plans/a.yaml", "plans/old/drafty.yaml"}),
    ("plans/**", {"drafts/c.yaml"}),
    ("**/drafts/**", {"plans/a.yaml", "plans/old/drafty.yaml"}),
    ("plans/**/*y.yaml", {"drafts/c.yaml", "plans/a.yaml", "plans/drafts/b.yaml"}),
    ("**/c.yaml", {"plans/a.yaml", "plans/drafts/b.yaml", "plans/old/drafty.yaml"}),
    ("draft*", {"plans/a.yaml"}),
    ("[ab].yaml", {"drafts/c.yaml", "plans/old/drafty.yaml"}),
    ("raft", {"drafts/c.yaml", "plans/a.yaml", "plans/drafts/b.yaml", "plans/old/drafty.yaml"}),
    ("", {"drafts/c.yaml", "plans/a.yaml", "plans/drafts/b.yaml", "plans/old/drafty.yaml"}),
    ("*", set()),
]


@pytest.mark.parametrize(("pattern", "kept"), EXCLUDED, ids=[one[0] for one in EXCLUDED])
def test_a_pattern_excludes_files_and_folders(pattern: str, kept: set[str], folder: Path) -> None:
    names = ("drafts/c.yaml", "plans/a.yaml", "plans/drafts/b.yaml", "plans/old/drafty.yaml")
    put(dict.fromkeys(names, OURS))
    assert set(found(".", exclude=(pattern,))) == kept
    assert set(found(*names, exclude=(pattern,))) == kept
    absolute = found(str(folder), exclude=(pattern,))
    assert {str(Path(one).relative_to(folder)) for one in absolute} == kept


def test_an_absolute_pattern_excludes_too(folder: Path) -> None:
    put(dict.fromkeys(("plans/a.yaml", "plans/drafts/b.yaml"), OURS))
    assert found(".", exclude=(f"{folder}/plans/drafts",)) == ["plans/a.yaml"]


def test_a_folder_above_the_current_one_is_not_excluded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put({"build/project/org.yaml": OURS})
    monkeypatch.chdir(folder / "build" / "project")
    assert found(".", exclude=("build",)) == ["org.yaml"]
    assert found(str(Path.cwd()), exclude=("build",)) == [str(Path.cwd() / "org.yaml")]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.yaml", ["a.yaml"]),
        ("plans/?.yaml", ["plans/b.yaml"]),
        ("**/*.yaml", ["a.yaml", "plans/b.yaml", "plans/deep/c.yaml"]),
        ("plans/**/*.yaml", ["plans/b.yaml", "plans/deep/c.yaml"]),
        ("pl*", ["plans/b.yaml", "plans/deep/c.yaml"]),
    ],
)
def test_a_pattern_that_the_shell_left_as_it_is_names_what_it_matches(
    pattern: str, expected: list[str], folder: Path
) -> None:
    put(dict.fromkeys(("a.yaml", "plans/b.yaml", "plans/deep/c.yaml"), OURS))
    assert found(pattern) == expected
    assert found(f"{folder}/{pattern}") == [f"{folder}/{one}" for one in expected]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file() -> None:
    put(dict.fromkeys(("[a].yaml", "a.yaml"), OURS))
    assert found("[a].yaml") == ["[a].yaml"]


@pytest.mark.parametrize(
    "path", ["none.yaml", "none/", "*.none", "**/none", "", "x" * 300, "org.yaml/deeper"]
)
def test_what_names_nothing_is_said_and_the_rest_is_found(path: str) -> None:
    put({"org.yaml": OURS})
    assert missing("org.yaml", path) == [(path, "file-not-found")]
    assert found("org.yaml", path) == ["org.yaml"]


def test_an_empty_folder_names_nothing_and_lacks_nothing() -> None:
    Path("empty").mkdir()
    assert find(["empty"]) == ([], [])


def test_links_that_lead_elsewhere_or_round_in_a_circle_are_not_followed() -> None:
    put({"plans/org.yaml": OURS, "elsewhere/org.yaml": OURS})
    Path("plans/again").symlink_to("..")
    Path("plans/out").symlink_to("../elsewhere")
    Path("plans/self.yaml").symlink_to("self.yaml")
    Path("plans/gone.yaml").symlink_to("nowhere.yaml")
    assert found("plans") == ["plans/org.yaml"]
    assert missing("plans/self.yaml") == [("plans/self.yaml", "file-not-found")]


def test_a_folder_named_by_a_link_is_searched() -> None:
    put({"plans/org.yaml": OURS})
    Path("link").symlink_to("plans")
    assert found("link") == ["link/org.yaml"]


@pytest.mark.parametrize("path", ["plans", "plans/*", "plans/*.yaml"])
def test_a_pipe_or_a_device_in_a_folder_is_not_opened(path: str) -> None:
    put({"plans/org.yaml": OURS})
    os.mkfifo("plans/pipe.yaml")
    Path("plans/endless.yaml").symlink_to("/dev/zero")
    assert checked(path).paths == ("plans/org.yaml",)


def test_a_folder_that_stays_closed_is_said_and_the_rest_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(dict.fromkeys(("plans/a.yaml", "plans/closed/b.yaml"), OURS))
    scan = os.scandir

    def refused(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr("os.scandir", refused)
    assert found("plans") == ["plans/a.yaml"]
    assert missing("plans") == [("plans/closed", "file-unreadable")]


def test_a_file_that_cannot_be_opened_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    put(dict.fromkeys(("plans/a.yaml", "plans/b.yaml"), OURS))
    opened = Path.open

    def refused(path: Path, mode: str = "r") -> object:
        if path.name == "b.yaml":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, mode)

    monkeypatch.setattr("pathlib.Path.open", refused)
    assert codes("plans") == [("plans/b.yaml", "file-unreadable")]


def test_only_the_beginning_of_an_endless_file_is_looked_at(folder: Path) -> None:
    with (folder / "huge.yaml").open("wb") as file:
        file.write(OURS.encode())
        file.truncate(2**40)
    assert codes(".") == [("huge.yaml", "file-too-large")]
