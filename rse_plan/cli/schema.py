"""``rse-plan schema``: the JSON Schema of a kind of file, for an editor or another checker."""

from typing import Annotated

import typer

from rse_plan.cli import output
from rse_plan.cli.options import ForceOption, LanguageOption, OutputOption
from rse_plan.documents.schema import SchemaKind, schema_text


def schema(
    kind: Annotated[SchemaKind, typer.Argument(metavar="KIND")],
    *,
    language: LanguageOption,
    to: OutputOption = None,
    force: ForceOption = False,
) -> None:
    """Print a schema, or write it to a file."""
    output.deliver(schema_text(kind, language), to, language, force=force)
