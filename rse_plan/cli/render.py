"""``rse-plan render``: the documents of a plan, written around what people made of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from rse_plan.cli import output
from rse_plan.cli.options import ForceOption, LanguageOption, PlaybookOption
from rse_plan.documents.kit.forms import FORMS
from rse_plan.documents.kit.shelf import BadRecordError, Shelf
from rse_plan.documents.kit.sources import Source, Sources
from rse_plan.files import content_of
from rse_plan.files.resources import CORE
from rse_plan.language import Language

_ORGANISATION = "org.yaml"
_DRAWS_CHARTS = "vl_convert"


def render(  # noqa: PLR0913 - one parameter for each option
    plan: Annotated[Path, typer.Argument(metavar="PLAN")],
    *,
    to: Annotated[Path, typer.Option("--output", "-o", metavar="DIR")],
    forms: Annotated[str, typer.Option("--to", metavar="FORMS")] = "md,html",
    only: Annotated[list[str] | None, typer.Option("--only", metavar="ID")] = None,
    organisation: Annotated[Path | None, typer.Option("--organisation", metavar="ORG")] = None,
    brand: Annotated[Path | None, typer.Option("--brand", metavar="DIR")] = None,
    check: Annotated[bool, typer.Option("--check")] = False,
    diff: Annotated[bool, typer.Option("--diff")] = False,
    keep_edits: Annotated[bool, typer.Option("--keep-edits")] = False,
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
    force: ForceOption = False,
) -> None:
    """Write the documents of a plan; exit 1 when a check finds one that is not current."""
    if keep_edits and (check or diff or force):
        raise output.WrongUseError(language("render.keep_alone"))
    if brand and not brand.is_dir():
        raise output.WrongUseError(language("render.no_brand", path=brand))
    with _readable(brand, language):
        sources = _sources(plan, organisation, brand, playbook, language)
        asked = f"{forms} {only} {organisation}"
        shelf = Shelf.at(to)
        # Where nothing was settled, charts are begun before all sources are looked through.
        if shelf.settled and shelf.is_settled(asked, sources.fingerprint, to):
            if not (check or diff):
                output.warn(language("render.settled", path=to))
            return
        from rse_plan.documents.kit.artist import Artist  # noqa: PLC0415 - seldom needed

        with Artist() as artist, output.overheard() as heard:
            asked_forms = [form.strip() for form in forms.split(",")]
            if sources.draws and not only and not FORMS.keys().isdisjoint(asked_forms):
                # It takes as long to start as all the rest to be imported and read.
                artist.start()
            from rse_plan.cli.kit import faults, read_kit  # noqa: PLC0415 - slow to import

            with faults(brand, language):
                kit = read_kit(
                    sources,
                    to,
                    language,
                    forms=asked_forms,
                    only=only or (),
                    named=organisation is not None,
                    draw=artist.draw,
                )
                if check or diff:
                    raise typer.Exit(output.FINDINGS if kit.differs(diff=diff) else 0)
                if keep_edits:
                    kit = kit.with_edits_kept()
                count = kit.write(force=force)
        if not heard:
            kit.settle(asked)
    output.warn(language("render.written", count=count, number=language.number(count), path=to))


def _sources(
    plan: Path, organisation: Path | None, brand: Path | None, playbook: str, language: Language
) -> Sources:
    """Look at the files that are named, and at the organisation beside the plan."""
    beside = plan.with_name(_ORGANISATION)
    described = organisation or (beside if beside.is_file() else None)
    return Sources(
        plan=Source(plan, content_of(plan)),
        organisation=Source(described, content_of(described)) if described else None,
        brand=brand,
        playbook=playbook,
        language=language.code,
        draws=find_spec(_DRAWS_CHARTS) is not None,
    )


@contextmanager
def _readable(brand: Path | None, language: Language) -> Iterator[None]:
    """Say in the user's words which file cannot be read, and why."""
    try:
        yield
    except BadRecordError as bad:
        raise output.WrongUseError(language("render.bad_record", path=bad.args[0])) from None
    except OSError as error:
        reason = error.strerror or str(error)
        names = {"path": error.filename or brand or "", "reason": reason}
        raise output.WrongUseError(language("errors.unreadable", **names)) from None
