"""A JSON Schema (draft-07) of each kind of file, for editors and for other checkers.

It says what `validate` says of a file's form. What a schema cannot say (sums, the order of dates,
names of things in other files) is left to `validate`.

Forms that exclude each other are told apart with ``if``, not ``anyOf``: whatever the checker, a
fault is then one fault of the form that was meant. ``errorMessage``, ``enumDescriptions``,
``defaultSnippets`` and ``doNotSuggest`` are for editors; other checkers pass over them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, get_args

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from rse_plan import __version__
from rse_plan.checks.kinds import KINDS, PLAYBOOK_KINDS, Kind, model_of
from rse_plan.documents.plain_json import dumped
from rse_plan.language import Language
from rse_plan.organisation.fact import EXCLUSIVE, MEASURED, Evidence

SchemaKind = Literal[Kind, "any"]

SCHEMA_KINDS: tuple[SchemaKind, ...] = get_args(SchemaKind)
DRAFT = "http://json-schema.org/draft-07/schema#"
DEFINITIONS = "#/definitions/"
UNKNOWN = "unknown"

Schema = dict[str, Any]


def schema_text(kind: SchemaKind, language: Language) -> str:
    """Return the schema of a kind of file as JSON; of ``any``, that of all kinds together."""
    return dumped(schema(kind, language)) + "\n"


def schema(kind: SchemaKind, language: Language) -> Schema:
    """Return the schema of a kind of file, its titles and descriptions in a language."""
    made = _any(language) if kind == "any" else _one(kind, language)
    if kind == "vectors":
        _describe_vectors(made)
        made["definitions"]["organisation"] = _part("organisation", language)
    return {"$schema": DRAFT, "$comment": f"rse-plan {__version__}", **made}


def _any(language: Language) -> Schema:
    parts = {kind: _part(kind, language) for kind in KINDS}
    _describe_vectors(parts["vectors"])
    return {
        "title": language("schema.any"),
        "type": "object",
        "required": ["kind"],
        "properties": {
            "kind": {
                **language.table("terms")["schema"]["kind"],
                "type": "string",
                "enum": list(KINDS),
                "enumDescriptions": [part["title"] for part in parts.values()],
            }
        },
        "allOf": [_when("kind", kind, {"$ref": DEFINITIONS + kind}) for kind in KINDS],
        "definitions": parts,
    }


def _one(kind: Kind, language: Language) -> Schema:
    made = model_of(kind).model_json_schema(
        ref_template=DEFINITIONS + "{model}", schema_generator=_Forms
    )
    words = language.table("playbook" if kind in PLAYBOOK_KINDS else kind)
    return _Words(language, words, made.pop("$defs", {})).whole(made)


def _part(kind: Kind, language: Language) -> Schema:
    """Return a schema that stands among the definitions of another."""
    part: Schema = _moved(_one(kind, language), kind)
    return part


def _moved(said: Any, name: str) -> Any:
    if isinstance(said, list):
        return [_moved(one, name) for one in said]
    if not isinstance(said, dict):
        return said
    moved = {key: _moved(one, name) for key, one in said.items()}
    if "$ref" in said:
        moved["$ref"] = said["$ref"].replace(DEFINITIONS, f"{DEFINITIONS}{name}/definitions/")
    return moved


def _describe_vectors(vectors: Schema) -> None:
    """Have each vector describe an organisation, whose schema stands beside that of the vectors."""
    described = vectors["definitions"]["Vector"]["properties"]["organisation"]
    described["allOf"] = [{"$ref": DEFINITIONS + "organisation"}]


def _when(key: str, said: object, then: Schema) -> Schema:
    """Ask for more where a key says one thing."""
    asked = {"type": "object", "required": [key], "properties": {key: {"const": said}}}
    return {"if": asked, "then": then}


class _Forms(GenerateJsonSchema):
    """Write what pydantic knows of a model, before there are words.

    Models keep their name under ``block``, types of value theirs under ``named``; what may be null
    stands under ``nullable``; a fact is a ``value`` and what it is ``stated`` as.
    """

    def sort(self, value: Schema, parent_key: str | None = None) -> Schema:  # noqa: ARG002
        """Keep the order of the models."""
        return value

    def model_schema(self, schema: core_schema.ModelSchema) -> Schema:
        """Keep the name, which is that of its words."""
        return {**super().model_schema(schema), "block": schema["cls"].__name__}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        """Leave defaults out: an editor would insert them, and what is absent is unknown."""
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        """Leave the type for later: it may not be made yet."""
        return {"nullable": self.generate_inner(schema["schema"])}

    def union_schema(self, schema: core_schema.UnionSchema) -> Schema:
        """List plain types as one."""
        return {"type": [one["type"] for one in super().union_schema(schema)["anyOf"]]}

    def dict_schema(self, schema: core_schema.DictSchema) -> Schema:
        """Ask for the form of the keys apart from that of the values, to say which is wrong."""
        made = super().dict_schema(schema)
        if made.pop("patternProperties", None):
            keys = self.generate_inner(schema["keys_schema"])
            made["propertyNames"] = {**keys, "doNotSuggest": True}
            made["additionalProperties"] = self.generate_inner(schema["values_schema"])
        return made

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> Schema:
        """Let the tag choose what else is asked, so that a wrong tag is one fault."""
        made = {str(name): one for name, one in schema["choices"].items()}
        if "stated" in made:
            value, stated = (self.generate_inner(made[one]) for one in ("plain", "stated"))
            return {"value": value, "stated": stated}
        tag = str(schema["discriminator"])
        return {
            "type": "object",
            "required": [tag],
            "properties": {tag: {"type": "string", "enum": list(made)}},
            "allOf": [_when(tag, name, self.generate_inner(one)) for name, one in made.items()],
        }


class _Words:
    """Put forms into words: titles, descriptions, what is expected, what is offered."""

    def __init__(
        self, say: Language, words: Mapping[str, Any], forms: Mapping[str, Schema]
    ) -> None:
        """Take a language, the words of its fields, and the forms that are referred to."""
        self.say = say
        self.own: Mapping[str, Any] = say.table("terms")["schema"]
        self.words = words
        self.forms = forms
        self.definitions: Schema = {}

    def whole(self, form: Schema) -> Schema:
        """Return a schema with the definitions that it refers to."""
        made = self.put(form)
        return {**made, "definitions": dict(sorted(self.definitions.items()))}

    def put(self, form: Any) -> Any:
        """Put a form, and all that is inside it, into words."""
        if isinstance(form, list):
            return [self.put(one) for one in form]
        if not isinstance(form, dict):
            return form
        if "$ref" in form:
            return {"$ref": DEFINITIONS + self.defined(_named(form))}
        if "block" in form:
            return self.block(form)
        return self.value({key: self.put(one) for key, one in form.items()})

    def defined(self, name: str) -> str:
        """Make a definition when it is first needed, and return what it is called."""
        form = self.forms[name]
        if "stated" in form:
            return self.fact(form["value"], form["stated"])
        if name not in self.definitions:
            self.definitions[name] = self.put(form)
        return name

    def block(self, form: Schema) -> Schema:
        """Give a block and each of its fields a title and a description."""
        words = self.words["blocks"][form["block"]]
        fields = {
            name: self.field(field, words["fields"][name])
            for name, field in form["properties"].items()
        }
        own = {"block", "properties"}
        rest = {key: self.put(said) for key, said in form.items() if key not in own}
        return _titled(words, {**rest, "properties": fields})

    def field(self, form: Schema, words: Mapping[str, str]) -> Schema:
        """Say what a field asks for; in draft-07 nothing counts beside a reference."""
        said = self.put(self.opened(form))
        return _titled(words, {"anyOf": [said]} if "$ref" in said else said)

    def opened(self, form: Schema) -> Schema:
        """Return the block that a form refers to, or the form itself, null among its types."""
        if "or_unknown" in form:
            # A pattern binds texts only.
            types, text = ["object", "string", "null"], f"^{UNKNOWN}$"
            return {**self.opened(form["or_unknown"]), "type": types, "pattern": text}
        if "nullable" in form:
            form = self.opened(form["nullable"])
            choice = {"enum": [*form["enum"], None]} if "enum" in form else {}
            return {**form, "type": [form["type"], "null"], **choice}
        target = self.forms[_named(form)] if "$ref" in form else form
        return target if "block" in target else form

    def value(self, form: Schema) -> Schema:
        """Say what a type of value accepts."""
        expected = self.expected(form)
        title = {"title": expected} if form.pop("named", None) else {}
        message = {"errorMessage": self.say("schema.expected", type=expected)} if expected else {}
        labels = {"enumDescriptions": list(self.labels(form).values())} if self.labels(form) else {}
        return {**title, **form, **labels, **message}

    def expected(self, form: Schema) -> str | None:
        """Return the words for a type of value; None for what is no value."""
        if isinstance(form.get("const"), str):
            return str(form["const"])
        if isinstance(form.get("enum"), list):
            return self.say("schema.choice", words=self.say.listed(_texts(form["enum"])))
        if isinstance(form.get("named"), str):
            return str(self.own["types"][form["named"]])
        kind = form.get("type")
        kind = kind[0] if isinstance(kind, list) and kind[1:] == ["null"] else kind
        return self.own["types"].get(kind) if isinstance(kind, str) else None

    def labels(self, form: Schema) -> Mapping[str, str]:
        """Return what each value of a choice means, by value."""
        labels: Mapping[str, str] = self.words["choices"].get(self.choice(form), {})
        return labels

    def choice(self, form: Schema) -> str | None:
        """Return what the words call a choice."""
        values = _texts(form.get("enum", ()))
        choices = self.words["choices"].items()
        return next((name for name, labels in choices if list(labels) == values), None)

    def fact(self, value: Schema, stated: Schema) -> str:
        """Define a fact and what may be its value, and return what the fact is called."""
        name = self.type_name(value)
        fact = f"FactOf{name}"
        if fact in self.definitions:
            return fact
        expected = self.expected(value)
        message = {"errorMessage": self.say("schema.expected_or_unknown", type=expected)}
        self.definitions[name] = {
            "description": self.say("schema.or_unknown", type=expected),
            "if": {"not": {"enum": [UNKNOWN, None]}},
            "then": {**self.put(value), **message},
        }
        self.definitions[fact] = {
            "description": self.say("schema.fact", type=expected),
            "if": {"type": "object"},
            "then": self.origin(name, self.put(stated)),
            "else": {"$ref": DEFINITIONS + name},
        }
        # An editor would offer for each item of a list what is offered for the list.
        if "items" not in value:
            self.definitions[name]["defaultSnippets"] = self.offered(value)
            self.definitions[fact]["defaultSnippets"] = [*self.offered(value), *self.ways()]
        return fact

    def origin(self, name: str, stated: Schema) -> Schema:
        """Say what a fact says with its origin, and what excludes what."""
        measured = {"anyOf": [{"$ref": DEFINITIONS + name}]}
        fields = {
            key: _titled(self.own["ways"][key], measured if key in MEASURED else said)
            for key, said in stated["properties"].items()
        }
        message = {"errorMessage": self.say("schema.said_twice")}
        excluded = {
            key: {"properties": dict.fromkeys(others, False), **message}
            for key, others in EXCLUSIVE.items()
        }
        return {**stated, "properties": fields, "dependencies": excluded}

    def type_name(self, form: Schema) -> str:
        """Name a type of value for those who read the schema."""
        if "items" in form:
            return f"ListOf{self.type_name(form['items'])}"
        if "$ref" in form:
            return _named(form)
        name = str(form.get("named") or self.choice(form) or form["type"])
        return name[0].upper() + name[1:]

    def offered(self, form: Schema) -> list[Schema]:
        """Offer the values that can be listed, and unknown."""
        labels = {**self.labels(form), UNKNOWN: self.say("schema.snippets.unknown")}
        either = (True, False) if form.get("type") == "boolean" else ()
        return [
            *({"label": dumped(value), "body": value} for value in either),
            *({"label": name, "body": name, "description": said} for name, said in labels.items()),
        ]

    def ways(self) -> list[Schema]:
        """Offer ways of writing a fact, each with what belongs to it."""
        origin = {
            "source": "$2",
            "as_of": "$3",
            "evidence": f"${{4|{','.join(get_args(Evidence))}|}}",
        }
        bodies = {
            "value": {"value": "$1", **origin},
            "at_least": {"at_least": "$1", **origin},
            "not_applicable": {"not_applicable": "$1"},
        }
        return [
            {"label": self.say(f"schema.snippets.{name}"), "body": body}
            for name, body in bodies.items()
        ]


def _named(form: Schema) -> str:
    """Return the name of what a form refers to."""
    return str(form["$ref"]).removeprefix(DEFINITIONS)


def _titled(words: Mapping[str, str], said: Schema) -> Schema:
    """Put the title and the description of a field first, instead of others."""
    own = {key: words[key] for key in ("title", "description")}
    return own | {key: one for key, one in said.items() if key not in own}


def _texts(values: Iterable[object]) -> list[str]:
    return [str(value) for value in values if value is not None]
