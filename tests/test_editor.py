"""What an editor says, shows and offers, by the published schemas.

The editor is a yaml-language-server, as in Visual Studio Code, Neovim, Helix or Emacs. These tests
run where there is one on the PATH, or where YAML_LANGUAGE_SERVER names one:
``npm install --global yaml-language-server``.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from threading import Timer
from typing import Any, NamedTuple

import pytest

from rse_plan.language import Language, languages
from rse_plan.organisation.model import Pilot, Site

ROOT = Path(__file__).parents[1]
SERVER = os.environ.get("YAML_LANGUAGE_SERVER") or shutil.which("yaml-language-server")
SETTINGS = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
LONGEST = 120.0
CURSOR = "‸"

ORGANISATION = "kind: organisation\nname: X\n"
MEASURE = "{type: fact, of: answers.our-question}"
FACTOR = f"""\
kind: factor
id: ours
weight: 1
indicators:
  - id: our-question
    unit: boolean
    measure: {MEASURE}
    value: {{type: boolean}}
    basis: judgement
    sources: [fredwpt]
"""

pytestmark = pytest.mark.skipif(
    SERVER is None, reason="no yaml-language-server on the PATH, nor named by YAML_LANGUAGE_SERVER"
)


class Fault(NamedTuple):
    """What an editor underlines, what it says of it, and what it says was expected there."""

    underlined: str
    message: str
    source: str


class Editor:
    """Talk to a language server, as editors do."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.numbers = count(1)
        capable = {"completionItem": {"snippetSupport": True}}
        capabilities = {
            "textDocument": {"completion": capable},
            "workspace": {"configuration": True},
        }
        self.ask("initialize", processId=None, rootUri=None, capabilities=capabilities)
        self.tell("initialized")

    def send(self, **message: Any) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self.process.stdin.flush()

    def tell(self, method: str, **params: Any) -> None:
        self.send(method=method, params=params)

    def ask(self, method: str, **params: Any) -> Any:
        number = next(self.numbers)
        self.send(id=number, method=method, params=params)
        while (heard := self.hear()).get("id") != number or "method" in heard:
            pass
        return heard["result"]

    def hear(self) -> dict[str, Any]:
        """Return the next message, having answered it if it asks for something."""
        assert self.process.stdout
        length = 0
        while line := self.process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the language server has ended"
        heard: dict[str, Any] = json.loads(self.process.stdout.read(length))
        if "method" in heard and "id" in heard:
            asked = heard["params"].get("items", [])
            settings = [SETTINGS if one.get("section") == "yaml" else None for one in asked]
            self.send(id=heard["id"], result=settings)
        return heard

    def open(self, text: str, path: Path | None = None) -> tuple[str, list[dict[str, Any]]]:
        """Open a text, and return its address and what is wrong with it."""
        uri = (path or ROOT / f"opened-{next(self.numbers)}.yaml").as_uri()
        opened = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=opened)
        while True:
            heard = self.hear()
            if heard.get("method") == "textDocument/publishDiagnostics":
                assert heard["params"]["uri"] == uri
                found: list[dict[str, Any]] = heard["params"]["diagnostics"]
                return uri, found

    def faults(self, text: str) -> list[Fault]:
        text = headed(text)
        lines = text.split("\n")
        return [
            Fault(
                lines[one["range"]["start"]["line"]][
                    one["range"]["start"]["character"] : one["range"]["end"]["character"]
                ],
                one["message"],
                one["source"].removeprefix("yaml-schema: "),
            )
            for one in self.open(text)[1]
        ]

    def at_cursor(self, what: str, text: str, language: str = "en") -> Any:
        text = headed(text, language)
        before = text.partition(CURSOR)[0].split("\n")
        uri, _ = self.open(text.replace(CURSOR, ""))
        place = {"line": len(before) - 1, "character": len(before[-1])}
        return self.ask(f"textDocument/{what}", textDocument={"uri": uri}, position=place)

    def shown(self, text: str, language: str) -> str:
        """Return what is shown at the cursor, without the backslashes of its markup."""
        return str(self.at_cursor("hover", text, language)["contents"]["value"]).replace("\\", "")

    def offered(self, text: str) -> dict[str, str]:
        """Return what is offered at the cursor, and what each would insert."""
        found = self.at_cursor("completion", text)["items"]
        return {one["label"]: one["textEdit"]["newText"] for one in found}


def headed(text: str, language: str = "en") -> str:
    """Put a file's modeline above its text."""
    kind = "factor" if "kind: factor" in text else "organisation"
    schema = ROOT / "schemas" / language / f"{kind}.schema.json"
    return f"# yaml-language-server: $schema={schema.as_uri()}\n{text}"


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    assert SERVER
    command = (SERVER, "--stdio")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - the server that was named
        timer = Timer(LONGEST, process.kill)
        timer.start()
        try:
            yield Editor(process)
        finally:
            timer.cancel()
            process.kill()


@pytest.mark.parametrize("name", ["neovia/org.yaml", "own-playbook/factors/innovation.yaml"])
def test_an_editor_finds_the_schema_of_a_shipped_file_by_its_first_line(
    editor: Editor, name: str
) -> None:
    path = ROOT / "examples" / name
    text = path.read_text(encoding="utf-8")
    assert editor.open(text, path)[1] == []
    assert editor.open(f"{text}colour: blue\n", path.with_name("other.yaml"))[1] != []


SHARE = "share from 0 to 1, or percentage (15%)"
LEVELS = "none, below-executive-committee, executive-committee, top-leader"
TAGS = "fact, given, ratio, difference, months, age, before, share, count, mean, covers, staff-in"
UNITS = "share, count, number, months, boolean, level, points"
FUNCTIONS = "digital, communication, it, hr, business"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (
            "kind: organization\nname: X\n",
            [("organization", "Expected: organisation.", "Kind of file")],
        ),
        ("kind: organisation\n", [("k", 'Missing property "name".', "Organisation")]),
        (
            ORGANISATION + "headcout: 120\n",
            [("headcout", "Property headcout is not allowed.", "Organisation")],
        ),
        (
            ORGANISATION + "headcount: many\n",
            [
                (
                    "many",
                    "Expected: whole number, 1 or more, or unknown.",
                    "whole number, 1 or more",
                )
            ],
        ),
        (
            ORGANISATION + "headcount: {valeu: 120}\n",
            [("valeu", "Property valeu is not allowed.", "Total headcount")],
        ),
        (
            ORGANISATION + "headcount: {value: 120, at_least: 100}\n",
            [
                (
                    "at_least",
                    "A value, or bounds, or not applicable: each excludes the others.",
                    "Total headcount",
                )
            ],
        ),
        (
            ORGANISATION + "digital_maturity: {office_use: 15}\n",
            [("15", "Value is above the maximum of 1.", SHARE)],
        ),
        (
            ORGANISATION + "digital_maturity: {office_use: 150%}\n",
            [("150%", f"Expected: {SHARE}, or unknown.", SHARE)],
        ),
        (
            ORGANISATION + "sponsorship: {level: top}\n",
            [("top", f"Expected: one of {LEVELS}, or unknown.", "Sponsor's level")],
        ),
        (
            ORGANISATION + "pilot: {start: soon}\n",
            [("soon", "Expected: date YYYY-MM-DD, or unknown.", "date YYYY-MM-DD")],
        ),
        (
            ORGANISATION + "sites: [{id: Paris Office}]\n",
            [
                ("{", 'Missing property "name".', "Site"),
                (
                    "Paris Office",
                    "Expected: identifier in lower case (lyon-site).",
                    "Identifier",
                ),
            ],
        ),
        (
            FACTOR.replace("{type: fact,", "{type: facts,"),
            [("facts", f"Expected: one of {TAGS}.", "Measure")],
        ),
        (
            FACTOR.replace("{type: fact,", "{type: ratio,"),
            [("measure", 'Missing property "to".', "Ratio")],
        ),
        (
            FACTOR.replace("unit: boolean", "unit: percent"),
            [("percent", f"Expected: one of {UNITS}.", "Unit of the finding")],
        ),
        (
            FACTOR.replace(MEASURE, "answers.our-question"),
            [("answers.our-question", 'Incorrect type. Expected "Measure".', "Measure")],
        ),
        (
            FACTOR + "    applies_when: [{measure: {type: given, of: sector}}]\n",
            [("{", "Expected: one_of, at_least or at_most.", "one_of, at_least or at_most")],
        ),
        (
            FACTOR.replace("    sources: [fredwpt]\n", ""),
            [("i", 'Missing property "sources".', "Indicator")],
        ),
    ],
)
def test_one_mistake_is_one_fault_that_says_what_was_expected(
    editor: Editor, text: str, faults: list[tuple[str, str, str]]
) -> None:
    assert editor.faults(text) == [Fault(*fault) for fault in faults]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize(
    ("text", "table", "block", "name"),
    [
        ("head‸count: 120\n", "organisation", "Organisation", "headcount"),
        ("headcount: {at_l‸east: 120}\n", "organisation", None, "at_least"),
        ("pilot: {us‸ers: {value: 3}}\ntools: {network: X}\n", "organisation", "Pilot", "users"),
        ("pi‸lot: {users: 3}\n", "organisation", "Organisation", "pilot"),
        ("sponsorship: {le‸vel: none}\n", "organisation", "Sponsorship", "level"),
        ("sites: [{id: a, na‸me: A}]\n", "organisation", "Site", "name"),
        (FACTOR.replace("basis", "ba‸sis"), "playbook", "Indicator", "basis"),
    ],
)  # fmt: skip
def test_a_key_shows_its_own_title_and_description(
    editor: Editor, language: str, text: str, table: str, block: str | None, name: str
) -> None:
    shown = editor.shown(text if table == "playbook" else ORGANISATION + text, language)
    words = Language(language).table(table)
    own = Language(language).table("terms")["schema"]["ways"]
    texts = words["blocks"][block]["fields"][name] if block else own[name]
    assert shown.startswith(f"#### {texts['title']}\n\n{texts['description']}")
    assert "||" not in shown


def test_a_choice_shows_what_each_value_means(editor: Editor) -> None:
    shown = editor.shown(ORGANISATION + "sponsorship: {le‸vel: none}\n", "en")
    for value, label in Language("en").table("organisation")["choices"]["SponsorLevel"].items():
        assert f"* `{value}`: {label}\n" in shown


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("pilot:\n  ‸", list(Pilot.model_fields)),
        ("pilot:\n  start: 2026-10-12\n  ‸", [n for n in Pilot.model_fields if n != "start"]),
    ],
)
def test_the_keys_of_a_block_are_offered_with_their_colon(
    editor: Editor, text: str, labels: list[str]
) -> None:
    offered = editor.offered(ORGANISATION + text)
    assert offered == {label: f"{label}: " for label in labels}


def test_an_item_of_a_list_is_offered_whole_and_key_by_key(editor: Editor) -> None:
    offered = editor.offered(ORGANISATION + "sites:\n  - ‸")
    assert offered.keys() == {"Site", *Site.model_fields}
    assert offered["Site"] == "id: $1\n  name: $2"


ORIGIN = "source: $2\n  as_of: $3\n  evidence: ${4|stated,document,measured|}"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("pilot:\n  users: ‸", []),
        ("means:\n  budget_approved: ‸", ["true", "false"]),
        ("sponsorship:\n  level: ‸", LEVELS.split(", ")),
    ],
)
def test_each_way_of_writing_a_fact_is_offered(
    editor: Editor, text: str, values: list[str]
) -> None:
    assert editor.offered(ORGANISATION + text) == {
        **{value: value for value in [*values, "unknown"]},
        "Value and where it comes from": f"\n  value: $1\n  {ORIGIN}",
        "At least, and where it comes from": f"\n  at_least: $1\n  {ORIGIN}",
        "Not applicable, and why": "\n  not_applicable: ",
    }


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (ORGANISATION + "sponsorship:\n  level:\n    at_least: ‸", f"{LEVELS}, unknown"),
        (ORGANISATION + "governance:\n  functions:\n    - ‸", FUNCTIONS),
        (FACTOR.replace("unit: boolean", "unit: ‸"), UNITS),
        (FACTOR.replace(MEASURE, "\n      type: ‸"), TAGS),
        (FACTOR.replace(MEASURE, "\n      type: ratio\n      ‸"), "of, Ratio, to"),
    ],
)
def test_what_may_stand_here_is_offered_and_nothing_else(
    editor: Editor, text: str, labels: str
) -> None:
    assert ", ".join(editor.offered(text)) == labels
