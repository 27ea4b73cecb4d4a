"""``rse-plan whatif``: the assessment if some facts were other than the file says."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from rse_plan.cli import output
from rse_plan.cli.changes import changed
from rse_plan.cli.inputs import assess_document, read_settings
from rse_plan.cli.options import DayOption, LanguageOption, PlaybookOption
from rse_plan.files import Document, read_file
from rse_plan.files.resources import CORE

Format = Literal["text", "json"]


def whatif(
    organisation: Annotated[Path, typer.Argument(metavar="ORG")],
    *,
    changes: Annotated[list[str], typer.Option("--set", metavar="PATH=VALUE")],
    output_format: Annotated[Format, typer.Option("--output-format")] = "text",
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
    as_of: DayOption = None,
) -> None:
    """Assess the file as it is and as it would be, and explain the difference."""
    from rse_plan.assessment.difference import difference  # noqa: PLC0415 - only this command
    from rse_plan.assessment.record import record  # noqa: PLC0415 - likewise

    settings = read_settings(playbook, language, as_of)
    document = read_file(organisation)
    data = changed(document.data, changes, language)
    before = record(assess_document(document, settings))
    after = record(assess_document(_written(replace(document, data=data), changes), settings))
    found = difference(before, after)
    if output_format == "json":
        both = {
            "schema": "rse-plan/whatif/1",
            "set": changes,
            "before": before.model_dump(mode="json"),
            "after": after.model_dump(mode="json"),
            "difference": found.plain(),
        }
        output.put(json.dumps(both, ensure_ascii=False, indent=2))
        return
    from rse_plan.views.comparison import ComparisonView  # noqa: PLC0415 - only for a terminal

    view = ComparisonView(settings.playbook, language)
    output.put(output.draw([view.whatif(found, changes)]))


def _written(document: Document, changes: list[str]) -> Document:
    """Name the file with the changes, so that a fault in them is not sought in the file."""
    return replace(document, path=f"{document.path} (--set {' --set '.join(changes)})")
