"""What editors need beside a file: the schema that its first line names."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from rse_plan.cli import output
from rse_plan.documents.schema import schema_text
from rse_plan.language import Language, languages

Kind = Literal["organisation", "plan"]


def schema_name(kind: Kind) -> str:
    """Return the name of the file with the schema of a kind of file."""
    return f"{kind}.schema.json"


def write_schema(kind: Kind, beside: Path, language: Language) -> None:
    """Write the schema beside a file, unless there is one."""
    path = beside.parent / schema_name(kind)
    if not path.exists():
        output.write_file(path, schema_text(kind, language), language)
    elif not path.is_file() or path.read_bytes() not in _schemas(kind, language):
        output.warn(language("schema_kept", path=path, kind=kind))


def _schemas(kind: Kind, language: Language) -> Iterator[bytes]:
    """Give the schema in every language, that which is spoken first."""
    for code in sorted(languages(), key=lambda code: code != language.code):
        yield schema_text(kind, Language(code)).encode()
