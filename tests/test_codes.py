"""Every code has its page, and examples: the wrong one causes it alone, the right one nothing.

What the parsers of YAML and JSON say has words of ours.
"""

import json
import re
import shlex
import string
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree
from types import ModuleType
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from yaml import _yaml

from rse_plan.checks.catalogue import check_catalogue
from rse_plan.checks.validation import check_content
from rse_plan.cli.app import main
from rse_plan.documents.explanation import code_explanation
from rse_plan.files import Diagnostic, InvalidFileError, read_file, read_text
from rse_plan.files.resources import shipped
from rse_plan.language import Language, languages
from rse_plan.playbook import playbook_folder, read_playbook

EXAMPLES: dict[str, dict[str, str]] = read_file(shipped("templates") / "examples.yaml").data
CODES = list(Language("fr").table("diagnostics")["codes"])
# An example of a playbook's fault is laid into this one, which has none; so is that of a plan's.
SOUND = Path(__file__).parent / "example_playbook"
SOUND_PLAN = Path(__file__).parent / "example_plan.yaml"
WHOLE = re.compile(r"# org\.yaml\n|\{")
PLAN = "# plan.yaml\n"
BRAND = "# brand.yaml"
FILE = re.compile(r"^# (\S+\.yaml)$", re.MULTILINE)
WIDEST = 76

# What no text of a few lines can cause.
WITHOUT_EXAMPLE = {
    "file-unreadable": "the system's own reasons",
    "file-too-large": "five megabytes",
    "not-utf8": "bytes that are no text",
    "too-many-values": "two hundred thousand values",
    "too-deep": "sixty-five levels",
    "invalid-value": "no model has a fault without a code of its own",
    "record-broken": "a file that only we write",
}
# What never comes alone.
TOGETHER = {
    "gate-never-passes": {"no-full-value"},
    "same-value": {"action-without-effect", "indicator-without-action"},
}
# Lists of which a fragment shows some entries, and mappings of which it shows some keys.
PARTIAL = {"indicators", "actions", "levels", "gates", "sources", "tasks"}


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_page_and_both_examples(code: str, language: str) -> None:
    page = code_explanation(code, Language(language))
    why, mend = page.paragraphs
    assert page.title
    assert why != mend
    assert not re.search(r"\{\w+\}|\{\{", page.title + str(page.paragraphs))
    assert len(page.examples) == (0 if code in WITHOUT_EXAMPLE else 2)
    assert len({label for label, _ in page.examples}) == len(page.examples)


def test_no_example_is_of_nothing() -> None:
    assert EXAMPLES.keys() ^ WITHOUT_EXAMPLE.keys() == set(CODES)
    assert {tuple(example) for example in EXAMPLES.values()} == {("wrong", "right")}


@pytest.mark.parametrize("code", EXAMPLES)
def test_examples_are_short_enough_to_be_read(code: str) -> None:
    for text in EXAMPLES[code].values():
        lines = text.split("\n")
        assert len(lines) <= 8
        assert max(map(len, lines)) <= WIDEST
    assert EXAMPLES[code]["wrong"] != EXAMPLES[code]["right"]


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_wrong_example_causes_the_code_alone_and_the_right_one_nothing(
    code: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    copytree(SOUND, folder)
    if code == "no-factor":
        leave_nothing(folder)
    for kind, expected in (("wrong", {code} | TOGETHER.get(code, set())), ("right", set())):
        text = EXAMPLES[code][kind]
        if text.startswith("rse-plan "):
            assert codes_of_command(text, capsys) == expected
        elif text.startswith(BRAND):
            checked = check_content(text.encode(), "brand.yaml", lambda _: "core", "en")
            assert {found.code for found in checked.diagnostics} == expected
        elif text.startswith(PLAN):
            assert codes_of_plan(text) == expected
        elif FILE.match(text) and not WHOLE.match(text):
            assert codes_of_playbook(text, folder, tmp_path / kind) == expected
        else:
            assert codes_of_organisation(text, folder) == expected


def leave_nothing(folder: Path) -> None:
    """Take all factors and phases out of a playbook, and what goes with them."""
    for path in (*folder.glob("*/*.yaml"), *folder.glob("texts/en/**/*.yaml")):
        path.unlink()
    for name in ("rollout.yaml", "sources.yaml"):
        (folder / name).unlink()
    write(folder / "playbook.yaml", {**read(SOUND / "playbook.yaml"), "gates": []})
    said = read(SOUND / "texts/en/playbook.yaml")
    write(folder / "texts/en/playbook.yaml", {**said, "gates": {}})


def codes_of_organisation(text: str, playbook: Path) -> set[str]:
    name = "org.json" if text.startswith("{") else "org.yaml"
    if not WHOLE.match(text):
        for key, value in (("name", "Lyon"), ("kind", "organisation")):
            if not re.search(rf"^{key}:", text, re.MULTILINE):
                text = f"{key}: {value}\n{text}"
    checked = check_content(text.encode(), name, lambda _: str(playbook), "en")
    return {found.code for found in checked.diagnostics}


def codes_of_command(text: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Run a command beside an organisation, one in a folder and a file of a playbook."""
    Path("lyon").mkdir(exist_ok=True)
    for name in ("org.yaml", "lyon/org.yaml"):
        write(Path(name), {"kind": "organisation", "name": "Lyon"})
    write(Path("playbook.yaml"), read(SOUND / "playbook.yaml"))
    with pytest.raises(SystemExit):
        main(shlex.split(text)[1:])
    return set(re.findall(r"^\S+ ([a-z0-9-]+) ", capsys.readouterr().err, re.MULTILINE))


# What an example of a plan leaves out of what it shows, because the fault does not depend on it.
LEFT_OUT: dict[str, dict[str, Any]] = {
    "phases": {"name": "…"},
    "tasks": {"title": "…", "role": "sponsor", "start": "2026-11-09"},
    "gate": {"id": "framed", "name": "…", "role": "sponsor"},
    "criteria": {"text": "…"},
    "sites": {"name": "…", "calendar": "fr"},
    "waves": {"name": "…"},
    "roles": {"name": "…"},
    "decisions": {"question": "…", "role": "sponsor", "why": "…"},
    "legal_steps": {"title": "…", "role": "sponsor", "why": "…"},
    "kpis": {"name": "…", "frequency": "monthly"},
}


def codes_of_plan(text: str) -> set[str]:
    """Lay what an example says into a sound plan, entry by entry, and complete what it adds."""
    said = completed("", read(SOUND_PLAN), yaml.safe_load(text))
    content = yaml.safe_dump(said).encode()
    checked = check_content(content, "plan.yaml", lambda _: "core", "en")
    return {found.code for found in checked.diagnostics}


def completed(key: str, said: Any, part: Any) -> Any:
    if isinstance(part, dict):
        added: dict[str, Any] = {} if "title" in part else LEFT_OUT.get(key, {})
        base = said if isinstance(said, dict) else added
        made = base | {name: completed(name, base.get(name), one) for name, one in part.items()}
        if key == "tasks" and not part.keys() & {"end", "actual_end"} and made.get("start"):
            # What is shown without an end takes a day.
            made["end"] = made.get("actual_start", made["start"])
        return made
    if isinstance(part, list) and part and isinstance(part[0], dict):
        entries = {entry["id"]: entry for entry in said or ()}
        named = [entry.get("id", index) for index, entry in enumerate(part)]
        shown = [completed(key, entries.get(name), part[at]) for at, name in enumerate(named)]
        return [*(entries | dict(zip(named, shown, strict=True))).values()]
    return part


def codes_of_playbook(text: str, sound: Path, folder: Path) -> set[str]:
    """Lay what an example says of some files over a sound playbook, with the words it needs."""
    copytree(sound, folder)
    for name, part in fragments(text):
        said = read(folder / name) if (folder / name).exists() else {}
        write(folder / name, laid_over(said, part))
    factor, words = (folder / kind / "innovation.yaml" for kind in ("factors", "texts/en"))
    if factor.exists():
        write(words, with_words_of_values(read(words), read(factor)))
    return {found.code for found in check_catalogue(folder)}


def fragments(text: str) -> Iterator[tuple[str, Any]]:
    _, *parts = FILE.split(text)
    for name, part in zip(parts[::2], parts[1::2], strict=True):
        yield name, yaml.safe_load(part)


def laid_over(said: Any, part: Any) -> Any:
    """Put what is shown of a file in the place of what it said, entry by entry."""
    if isinstance(said, dict) and isinstance(part, dict):
        return said | {
            key: laid_over(said.get(key), value) if key in PARTIAL else value
            for key, value in part.items()
        }
    if not (isinstance(said, list) and part and isinstance(part[0], dict)):
        return part
    entries: dict[str, Any] = {entry["id"]: entry for entry in said}
    shown: list[str] = [entry["id"] for entry in part]
    again = [entry for index, entry in enumerate(part) if entry["id"] in shown[:index]]
    for entry in part:
        if entry not in again:
            entries[entry["id"]] = entries.get(entry["id"], {}) | entry
    return [*entries.values(), *again]


def with_words_of_values(words: dict[str, Any], factor: dict[str, Any]) -> dict[str, Any]:
    """Name the levels that indicators have, and whom they do not concern."""
    for indicator in factor["indicators"]:
        said = words["indicators"][indicator["id"]]
        if "levels" in indicator["value"]:
            said["levels"] = dict.fromkeys(indicator["value"]["levels"], "…")
        if "applies_when" in indicator:
            said["not_applicable"] = "…"
    return words


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def write(path: Path, data: object) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def test_the_sound_playbook_and_the_sound_plan_have_no_fault() -> None:
    assert check_catalogue(SOUND) == []
    assert codes_of_plan("{}") == set()


def test_nothing_in_the_core_playbook_is_called_like_a_code() -> None:
    book = read_playbook(playbook_folder("core"), "en")
    assert set(CODES).isdisjoint({*book.entries, *book.documents, *book.sources})


def problems(language: str) -> dict[str, str]:
    table: dict[str, str] = Language(language).table("diagnostics")["problems"]
    return table


def refusals(text: str, name: str) -> list[Diagnostic]:
    try:
        read_text(text, name)
    except InvalidFileError as invalid:
        return [one for one in invalid.diagnostics if one.code in {"yaml-syntax", "json-syntax"}]
    return []


def require_words(refused: Diagnostic) -> None:
    """Expect no word of the parser's own in a message, and every place of a value filled."""
    said = str(refused.values["problem"])
    for language in languages():
        message = Language(language).message(refused)
        assert said in problems(language)
        assert said not in message
        assert "{start}" not in message


MARKS = (
    "a", "b", "0", " ", "  ", "\n", "\n  ", "\t", ": ", ":", "- ", "? ", "[", "]", "{", "}", ",",
    "&", "*", "!", "!!", "!<", "|", ">", "'", '"', "@", "`", "\\", "\\x", "\\u", "\x07", "#", "%",
    "%ff", "\n---\n", "\n...\n", "%YAML 1.1\n", "%YAML 3.0\n", "%TAG ! tag:a:\n",
)  # fmt: skip


@given(st.lists(st.sampled_from(MARKS), max_size=14).map("".join))
def test_whatever_libyaml_finds_wrong_is_said_in_our_words(text: str) -> None:
    for refused in refusals(text, "org.yaml"):
        require_words(refused)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a: 1\nb: [1,\n2\nc: 3", 2),
        ("a: 1\nb: 'one\n\n", 2),
        ("a: 1\nb\nc: 3", 2),
        ("a:\n  b: 1\n c: 2", 1),
        ("a: 1\nb: @c", 2),
    ],
)
def test_the_line_where_the_faulty_part_begins_is_said(text: str, start: int) -> None:
    (refused,) = refusals(text, "org.yaml")
    assert refused.values["start"] == start


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1,}', '{"a": 1} {}', '{"a": [1,]}', '{"a": b}', "{a: 1}", '["a" "b"]', '{"a" : }',
        "", '["a\nb"]', '["\\x41"]', '["\\ud80"]', '{"a": 1} # b', '{"a": nan}', "['a']",
    ],
)  # fmt: skip
def test_whatever_the_json_module_finds_wrong_is_said_in_our_words(text: str) -> None:
    for refused in refusals(text, "org.json"):
        require_words(refused)


def test_what_is_wrong_with_the_bad_files_is_said_in_our_words() -> None:
    paths = sorted((Path(__file__).parent / "invalid").iterdir())
    found = [
        refused
        for path in paths
        for refused in refusals(path.read_text(encoding="utf-8"), path.name)
    ]
    assert len(found) > 25
    for refused in found:
        require_words(refused)


def test_every_problem_of_the_json_module_has_words() -> None:
    said = re.findall(r'"((?:Expecting|Extra|Unterminated|Illegal)[^"]*)"', source(json.decoder))
    assert len(set(said)) > 4
    assert set(said) <= problems("fr").keys()


def source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def test_the_table_writes_what_libyaml_writes() -> None:
    library = Path(str(_yaml.__file__)).read_bytes()
    if b"did not find expected key" not in library:
        pytest.skip("libyaml is not a part of PyYAML here")
    known = {problem for problem in problems("fr") if problem[0].islower()}
    assert {problem for problem in known if problem.encode() not in library} == set()


@pytest.mark.parametrize("language", languages())
def test_a_problem_that_nobody_knows_is_said_as_it_is(language: str) -> None:
    values = {"problem": "found {a} thing", "start": 1}
    message = Language(language).message(Diagnostic("org.yaml", "yaml-syntax", values=values))
    assert message.endswith("found {a} thing")


@pytest.mark.parametrize("language", languages())
def test_every_place_of_a_value_has_a_name(language: str) -> None:
    table = Language(language).table("diagnostics")
    parts = ("message", "hint", "mend")
    texts = [entry.get(part, "") for entry in table["codes"].values() for part in parts]
    used = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
    assert used == set(table["places"])
