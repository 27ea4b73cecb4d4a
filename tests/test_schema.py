"""The published schemas: current, whole, and of one mind with `validate` on every file."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from test_golden import compare

from rse_plan.checks.kinds import KINDS, Kind, model_of
from rse_plan.checks.validation import validate
from rse_plan.documents.schema import SCHEMA_KINDS, SchemaKind, schema, schema_text
from rse_plan.files import Diagnostic, Document, InvalidFileError, load, read_file, read_text
from rse_plan.files.discovery import Found
from rse_plan.language import Language, languages
from rse_plan.organisation import Fact, Organisation
from rse_plan.organisation.fact import Answer
from rse_plan.organisation.model import Block
from rse_plan.organisation.paths import blocks
from rse_plan.plan.model import Plan

ROOT = Path(__file__).parents[1]
PUBLISHED = [(kind, code) for code in languages() for kind in SCHEMA_KINDS]
SHIPPED = sorted(
    path for name in ("examples", "playbooks") for path in (ROOT / name).rglob("*.yaml")
)
REFUSED = sorted(path for path in (ROOT / "tests").glob("invalid*/**/*.yaml"))

# What a schema cannot say, by what it would have to know. It refuses whatever else is an error.
INEXPRESSIBLE = {
    "which of two values is the larger": {
        "bounds-crossed", "bounds-unlike", "ends-before-start", "goalposts-equal",
        "band-out-of-order", "levels",
    },
    "what other facts of the organisation say": {
        "part-above-whole", "sum-differs", "country-not-listed", "countries-differ",
        "sponsor-and-level-differ",
    },
    "what the dates, the people and the decisions of a plan add up to": {
        "starts-too-soon", "headquarters-not-first", "wave-out-of-order", "on-day-off",
        "while-closed", "duration-differs", "too-early", "status-differs", "role-without-people",
        "role-too-small", "role-overbooked", "evidence-after-decision", "go-despite-criterion",
        "decided-too-early", "legal-step-too-late", "parts-differ", "headquarters-in-later-wave",
    },
    "which ids there are": {
        "repeated-id", "duplicate-id", "unknown-site", "site-listed-twice", "unknown-reference",
        "missing-text", "unused-text", "no-factor", "cycle", "extends-itself",
        "document-not-produced", "action-unplaced", "wrong-where", "reserved-id",
        "lag-without-predecessor",
    },
    "which regions calendars are published for": {"unknown-region"},
    "the name of the file": {"file-name"},
    "the facts of an organisation, from a playbook that names them": {
        "unknown-path", "kind-mismatch", "unknown-choice", "level-without-value",
        "levels-out-of-order",
    },
    "how a playbook scores": {
        "wrong-answer", "wrong-value", "vector-differs", "gate-never-passes", "band-never-falls",
    },
}  # fmt: skip
UNSAID = set().union(*INEXPRESSIBLE.values())
HEAD = "kind: organisation\nname: X\n"


def published(kind: str, language: str) -> Path:
    return ROOT / "schemas" / language / f"{kind}.schema.json"


def parts(said: Any) -> Iterator[dict[str, Any]]:
    """List every object inside a schema."""
    if isinstance(said, dict):
        yield said
    for inner in said.values() if isinstance(said, dict) else said:
        if isinstance(inner, dict | list):
            yield from parts(inner)


def keywords(said: Any) -> Iterator[str]:
    """List the words of a schema itself, and not the names of what it describes."""
    if isinstance(said, dict):
        for key, inner in said.items():
            yield key
            described = key in {"properties", "definitions", "dependencies"}
            yield from keywords(list(inner.values()) if described else inner)
    elif isinstance(said, list):
        for inner in said:
            yield from keywords(inner)


@cache
def validator(kind: SchemaKind) -> Draft7Validator:
    said = schema(kind, Language("fr"))
    for part in parts(said):
        if isinstance(pattern := part.get("pattern"), str):
            # In a schema `$` is only the end, in Python also before a last line break.
            part["pattern"] = pattern.replace("$", r"\Z")
    return Draft7Validator(said, format_checker=FormatChecker())


def accepts(kind: SchemaKind, data: object) -> bool:
    return validator(kind).is_valid(data)


def models(base: type[Block] = Block) -> Iterator[type[Block]]:
    yield base
    for model in base.__subclasses__():
        yield from models(model)


@pytest.mark.parametrize(("kind", "language"), PUBLISHED)
def test_a_published_schema_is_the_current_one(
    kind: SchemaKind, language: str, golden: bool
) -> None:
    found = schema_text(kind, Language(language))
    compare(found, published(kind, language), golden=golden)


def test_nothing_else_is_published() -> None:
    found = {path for path in (ROOT / "schemas").rglob("*") if path.is_file()}
    assert found == {published(kind, language) for kind, language in PUBLISHED}


@pytest.mark.parametrize(("kind", "language"), PUBLISHED)
def test_a_schema_is_valid(kind: SchemaKind, language: str) -> None:
    found = schema(kind, Language(language))
    assert found["$schema"] == Draft7Validator.META_SCHEMA["$id"]
    Draft7Validator.check_schema(json.loads(json.dumps(found)))


@pytest.mark.parametrize(("kind", "language"), PUBLISHED)
def test_every_key_of_every_block_has_a_title_and_a_description(
    kind: SchemaKind, language: str
) -> None:
    closed = [
        part
        for part in parts(schema(kind, Language(language)))
        if part.get("additionalProperties") is False
    ]
    assert closed
    for block in closed:
        for name, said in block["properties"].items():
            assert said["title"], name
            assert said["description"], name


@pytest.mark.parametrize(("kind", "language"), PUBLISHED)
def test_a_schema_has_no_defaults_and_nothing_that_was_only_on_the_way(
    kind: SchemaKind, language: str
) -> None:
    found = set(keywords(schema(kind, Language(language))))
    assert not found & {"default", "block", "named", "nullable", "$defs"}


def test_no_docstring_reaches_a_schema() -> None:
    schemas = [schema(kind, Language("fr")) for kind in SCHEMA_KINDS]
    said = {str(part.get("description")).split("\n")[0] for part in parts(schemas)}
    docstrings = {str(model.__doc__).split("\n")[0] for model in models()}
    assert len(docstrings) > 50
    assert said & docstrings == set()


@cache
def errors() -> dict[str, list[Diagnostic]]:
    """Return what `validate` refuses in every file."""
    found = [Found(path, named=True) for path in (*SHIPPED, *REFUSED)]
    by_path: dict[str, list[Diagnostic]] = defaultdict(list)
    for one in validate(found, lambda _: "core", "fr").diagnostics:
        if one.severity == "error":
            by_path[one.path].append(one)
    return by_path


def documents() -> Iterator[tuple[Path, Document]]:
    """List what can be read as data: of the rest there is nothing to say in a schema."""
    for path in (*SHIPPED, *REFUSED):
        with suppress(InvalidFileError):
            yield path, read_file(path)


READ = dict(documents())


def kind_of(path: Path) -> Kind:
    """Return the kind that a file should be of."""
    data = READ[path].data
    wanted = {one.values["wanted"] for one in errors()[str(path)] if one.code == "wrong-kind"}
    stated = wanted or {data.get("kind") if isinstance(data, dict) else None}
    return next((kind for kind in KINDS if kind in stated), "organisation")


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", READ, ids=shown)
def test_the_schema_of_a_file_refuses_what_validate_does(path: Path) -> None:
    data = READ[path].data
    sayable = {one.code for one in errors()[str(path)]} - UNSAID
    assert accepts(kind_of(path), data) is not bool(sayable), sayable
    if isinstance(data, dict) and data.get("kind") == kind_of(path):
        assert accepts("any", data) is not bool(sayable)


def test_what_a_schema_cannot_say_is_said_of_some_file() -> None:
    assert UNSAID - {one.code for found in errors().values() for one in found} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_another_checker_refuses_the_same_files(kind: Kind) -> None:
    ours = {path: said.data for path, said in READ.items() if kind_of(path) == kind}
    command = (sys.executable, "-m", "check_jsonschema", "--output-format", "json", "--schemafile")
    ran = subprocess.run(  # noqa: S603 - another program, on our own files
        [*command, published(kind, "fr"), *ours], capture_output=True, text=True, check=False
    )
    found = json.loads(ran.stdout)
    assert found.get("parse_errors", []) == []
    refused = {error["filename"] for error in found.get("errors", [])}
    assert refused == {str(path) for path, data in ours.items() if not accepts(kind, data)}


@pytest.mark.parametrize("path", SHIPPED, ids=shown)
def test_the_first_line_of_a_shipped_file_names_its_schema(path: Path) -> None:
    up = "../" * (len(path.relative_to(ROOT).parts) - 1)
    where = f"{up}schemas/fr/{kind_of(path)}.schema.json"
    assert (path.parent / where).is_file()
    first = path.read_text(encoding="utf-8").split("\n")[0]
    assert first == f"# yaml-language-server: $schema={where}"


@pytest.mark.parametrize(
    "body",
    [
        "headcount: 120", "headcount: unknown", "headcount: null", "headcount: {at_least: 3}",
        "headcount: {not_applicable: none yet}", "headcount: {at_least: 3, at_most: 5}",
        "headcount: {value: 3, source: survey, as_of: 2026-10-12, evidence: measured}",
        "as_of: 2026-10-12", "digital_maturity: {office_use: 15%}",
        "digital_maturity: {office_use: 0.15}", "adoption: {monthly_growth: -3%}",
        "sponsorship: {level: {at_least: executive-committee}}", "pilot: {start: 2026-10-12}",
        "sites: [{id: a, name: A, blackouts: [{start: 2026-01-01, end: 2026-01-02}]}]",
        "sites: {at_least: [{id: a, name: A}]}", "countries: {value: [FR], source: register}",
        "answers: {a: true, b: 3, c: 0.5, d: often, e: 12%}",
    ],
)  # fmt: skip
def test_each_way_of_writing_that_is_read_is_accepted(body: str) -> None:
    document = read_text(HEAD + body, "org.yaml")
    load(Organisation, document)
    assert accepts("organisation", document.data)


@pytest.mark.parametrize(
    "body",
    [
        "headcout: 3", "headcount: '3'", "headcount: {value: 3, sorce: survey}", "headcount: 0",
        "pilot: {users: -1}", "sponsorship: {level: top}", "countries: [fr]", "countries: FR",
        "means: {budget_approved: yes}", "headcount: {value: 3, evidence: rumour}",
        "sites: [{id: a}]", "sites: [{id: A B, name: A}]",
    ],
)  # fmt: skip
def test_what_is_not_read_is_refused(body: str) -> None:
    document = read_text(HEAD + body, "org.yaml")
    with pytest.raises(InvalidFileError):
        load(Organisation, document)
    assert not accepts("organisation", document.data)


SIMPLE = {
    str: "a", bool: False, int: 1, float: 1.5, date: "2026-01-01",
    dict[str, Fact[Answer]]: {"a": "unknown"},
}  # fmt: skip
# What a value has to look like where not any will do.
FORMED = {"country": "FR", "playbook_version": "1.0.0", "share": 0.1, "ambassador_share": 0.1}


def whole(model: type[Block]) -> dict[str, Any]:
    """Write every key of a block, each list with one item, each fact as unknown."""
    return {
        name: FORMED.get(name) or written(field.annotation)
        for name, field in model.model_fields.items()
    }


def written(kind: Any) -> Any:
    if type(None) in get_args(kind) or get_origin(kind) is Annotated:
        # What may be left out is written nevertheless.
        return written(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    inside = [whole(block) for block in blocks(kind)]
    if get_origin(kind) is tuple and not inside:
        return [written(get_args(kind)[0])]
    if get_origin(kind) is tuple or (inside and get_origin(kind) is Fact):
        return inside
    return inside[0] if inside else "unknown" if get_origin(kind) is Fact else SIMPLE.get(kind)


BASES: list[tuple[Kind, Any]] = [
    ("organisation", whole(Organisation)),
    *(("organisation", READ[path].data) for path in SHIPPED if path.name.startswith("org")),
    ("plan", whole(Plan)),
    ("plan", read_file(ROOT / "tests" / "example_plan.yaml").data),
]
SPOILT: tuple[Kind, ...] = ("organisation", "plan")
PLAIN = st.sampled_from(
    [
        None, True, False, 0, 1, -1, 3, 15, 0.5, -0.5, 1.5, 12.5, 1e15, 1e15 + 2, -1e15, 1e17,
        "", " ", "unknown", "Unknown", "unknown\n", "yes", "3", "0.5", "text", "a", "a-b", "A b",
        "15%", "12,5 %", "12.5\u00a0%", "100,0\u202f%", "0100%", "150%", "100.1%", "-5%", "-0,0 %",
        "+3%", "%", "1e1%", "1_5%", "nan%", "\u0661%", "15%\n", "15  %",
        "2026-10-12", "2026-02-30", "2024-02-29", "0000-01-01", "20261012", "2026-W42-1",
        "2026-10-12T09:00:00", "2026-10-12\n", "\u0662026-10-12",
        "FR", "fr", "FRA", "pt-BR", "pt-br", "FR\n", "none", "private", "top-leader", "digital",
        "ranking", "other", "organisation",
        "1.0.0", "1.0", "a.b", "a.b.c", "a.", "plan", "zones", "reach", "started", "no-go",
    ]
)  # fmt: skip
ORIGINS = st.dictionaries(st.sampled_from([*Fact.KEYS, "sorce"]), PLAIN, max_size=3)
ODD = st.one_of(PLAIN, PLAIN, ORIGINS, st.lists(st.one_of(PLAIN, ORIGINS), max_size=2))


def places(data: Any) -> list[tuple[Any, Any]]:
    """List everything that stands in some data, as what holds it and its key there."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    inside = [(data, key) for key, _ in pairs]
    return inside + [
        place
        for _, key in inside
        if isinstance(data[key], dict | list)
        for place in places(data[key])
    ]


@st.composite
def spoilt(draw: st.DrawFn, kind: Kind) -> Any:
    """Draw a file of a kind in which something was left out, misspelt or replaced."""
    data = deepcopy(draw(st.sampled_from([data for of, data in BASES if of == kind])))
    for _ in range(draw(st.integers(1, 3))):
        held, key = draw(st.sampled_from(places(data) or [({"": ""}, "")]))
        change = draw(st.sampled_from(["replace"] * 6 + ["leave out", "misspell"]))
        if change == "replace":
            held[key] = draw(ODD)
        else:
            said = held.pop(key)
            if change == "misspell" and isinstance(held, dict):
                held[f"{key}x"] = said
    return data


def load_errors(kind: Kind, data: Any) -> set[str]:
    try:
        load(model_of(kind), read_text(json.dumps(data), "spoilt.json"))
    except InvalidFileError as invalid:
        return {one.code for one in invalid.diagnostics}
    return set()


@pytest.mark.parametrize("kind", SPOILT)
@given(st.data())
def test_a_schema_refuses_what_the_loader_does(kind: Kind, drawn: st.DataObject) -> None:
    data = drawn.draw(spoilt(kind))
    read = read_text(json.dumps(data), "spoilt.json").data
    assert accepts(kind, read) is not bool(load_errors(kind, data) - UNSAID)


def test_what_is_spoilt_was_sound() -> None:
    assert len(BASES) > 10
    assert [load_errors(kind, data) for kind, data in BASES] == [set()] * len(BASES)
