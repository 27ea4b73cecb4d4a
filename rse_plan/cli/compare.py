"""``rse-plan compare``: a portfolio side by side, or one organisation over time, explained."""

import json
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from rse_plan.cli import output
from rse_plan.cli.inputs import Settings, assess_files, read_settings
from rse_plan.cli.options import (
    DayOption,
    ForceOption,
    LanguageOption,
    OutputOption,
    PlaybookOption,
)
from rse_plan.files.resources import CORE

if TYPE_CHECKING:
    from rse_plan.assessment.difference import Difference
    from rse_plan.assessment.record import AssessmentRecord

Format = Literal["text", "json"]


def compare(  # noqa: PLR0913 - one parameter for each option
    files: Annotated[list[Path], typer.Argument(metavar="ORG...")],
    *,
    output_format: Annotated[Format, typer.Option("--output-format")] = "text",
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
    as_of: DayOption = None,
    to: OutputOption = None,
    force: ForceOption = False,
) -> None:
    """Compare org.yaml files, or assessments saved as JSON; of one name, over time."""
    from rse_plan.assessment.difference import (  # noqa: PLC0415 - only this command
        PlaybookMismatchError,
        difference,
        require_same_playbook,
    )

    settings = read_settings(playbook, language, as_of)
    records = _records(files, settings)
    try:
        require_same_playbook(records)
    except PlaybookMismatchError as mismatch:
        raise output.WrongUseError(
            language("errors.mismatch", before=mismatch.before, after=mismatch.after)
        ) from None
    over_time = len(records) > 1 and len({record.organisation for record in records}) == 1
    differences = []
    if over_time:
        records.sort(key=lambda record: record.as_of)
        differences = [difference(before, after) for before, after in pairwise(records)]
    if output_format == "json":
        text = _json(records, differences)
    else:
        text = _text(records, differences, settings, to_file=to is not None)
    output.deliver(text, to, language, force=force)


def _records(paths: list[Path], settings: Settings) -> list["AssessmentRecord"]:
    from rse_plan.assessment.record import record  # noqa: PLC0415 - only this command

    live = [path for path in paths if path.suffix != ".json"]
    scored = dict(zip(live, map(record, assess_files(live, settings)), strict=True))
    return [
        one
        for path in paths
        for one in ([scored[path]] if path in scored else _saved(path, settings))
    ]


def _saved(path: Path, settings: Settings) -> list["AssessmentRecord"]:
    """Read the assessments that were saved in a file, one or several."""
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - only this command

    from rse_plan.assessment.record import AssessmentRecord, playbook_record  # noqa: PLC0415 - too

    say = settings.language
    kind = TypeAdapter(AssessmentRecord | list[AssessmentRecord])
    try:
        found = kind.validate_json(path.read_bytes())
    except OSError as error:
        reason = error.strerror or str(error)
        raise output.WrongUseError(say("errors.unreadable", path=path, reason=reason)) from None
    except ValidationError:
        raise output.WrongUseError(say("errors.not_a_record", path=path)) from None
    records = found if isinstance(found, list) else [found]
    asked = playbook_record(settings.playbook)
    for record in records:
        if record.playbook != asked:
            names = {"found": record.playbook.named, "asked": asked.named}
            raise output.WrongUseError(say("errors.other_playbook", path=path, **names))
    return records


def _json(records: list["AssessmentRecord"], differences: list["Difference"]) -> str:
    found = {
        "schema": "rse-plan/comparison/1",
        "organisations": [record.model_dump(mode="json") for record in records],
        "differences": [one.plain() for one in differences],
    }
    return json.dumps(found, ensure_ascii=False, indent=2)


def _text(
    records: list["AssessmentRecord"],
    differences: list["Difference"],
    settings: Settings,
    *,
    to_file: bool,
) -> str:
    from rse_plan.views.comparison import ComparisonView  # noqa: PLC0415 - only for a terminal

    view = ComparisonView(settings.playbook, settings.language)
    views = [view.difference(one) for one in differences] or [view.portfolio(records)]
    return output.draw(views, to_file=to_file)
