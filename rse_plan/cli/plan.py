"""``rse-plan plan``: a dated plan, kept current without losing what people wrote in it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import unified_diff
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic_core import to_jsonable_python

from rse_plan.assessment import Assessment
from rse_plan.checks.plan import obstacles, plan_findings
from rse_plan.cli import output
from rse_plan.cli.changes import changed
from rse_plan.cli.editors import schema_name, write_schema
from rse_plan.cli.inputs import Settings, assess_document, read_settings
from rse_plan.cli.options import (
    DayOption,
    ForceOption,
    LanguageOption,
    PlaybookOption,
    parsed_day,
    parsed_share,
)
from rse_plan.files import Diagnostic, Document, InvalidFileError, load, read_file, read_text
from rse_plan.files.resources import CORE
from rse_plan.files.splice import SpliceError, comments_in, spliced
from rse_plan.language import Language
from rse_plan.organisation import read_organisation
from rse_plan.plan.draft import digest, draft
from rse_plan.plan.generation import (
    BETTER,
    FIRST,
    Effort,
    Generated,
    default_settings,
    scheduled,
)
from rse_plan.plan.model import Goal, Order, Plan, first
from rse_plan.plan.model import Settings as PlanSettings
from rse_plan.plan.record import Data, Record, plain, read_record, record_path
from rse_plan.plan.report import PlanChanges, PlanReport, Scenarios
from rse_plan.plan.text import plan_text
from rse_plan.plan.timetable import timetable
from rse_plan.plan.update import tidied, update
from rse_plan.scheduling import CycleError, SolverMissingError, UnschedulableError

Format = Literal["text", "json", "markdown", "csv"]
PlanFile = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")]

# The plan that an update takes when none is named, beside the organisation.
_PLAN = "plan.yaml"
_WEEK = 7
_OF_PLAN = "plan."
# Options that not every other goes with, by the names of their parameters.
_TOGETHER = {
    "--set": "scenarios", "--update": "is_update", "--check": "check", "--diff": "diff",
    "--now": "now", "--replan": "replan", "--baseline": "baseline", "-o": "to",
}  # fmt: skip
_BETWEEN_CHANGES = ";"
# How a patch says that the last line does not end.
_NO_END = "\n\\ No newline at end of file\n"


def plan(  # noqa: PLR0913 - one parameter for each option
    context: typer.Context,
    organisation: Annotated[Path, typer.Argument(metavar="ORG")],
    *,
    to: PlanFile = None,
    start: Annotated[
        date | None, typer.Option("--start", parser=parsed_day, metavar="DATE")
    ] = None,
    deadline: Annotated[
        date | None, typer.Option("--deadline", parser=parsed_day, metavar="DATE")
    ] = None,
    order: Annotated[Order | None, typer.Option("--order")] = None,
    objective: Annotated[Goal | None, typer.Option("--objective")] = None,
    ambassadors: Annotated[
        float | None, typer.Option("--ambassadors", parser=parsed_share, metavar="SHARE")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0)] = None,
    optimise: Annotated[bool, typer.Option("--optimise")] = False,
    scenarios: Annotated[list[str] | None, typer.Option("--set", metavar="PATH=VALUE")] = None,
    is_update: Annotated[bool, typer.Option("--update")] = False,
    now: Annotated[date | None, typer.Option("--now", parser=parsed_day, metavar="DATE")] = None,
    replan: Annotated[bool, typer.Option("--replan")] = False,
    check: Annotated[bool, typer.Option("--check")] = False,
    diff: Annotated[bool, typer.Option("--diff")] = False,
    baseline: Annotated[bool, typer.Option("--baseline")] = False,
    output_format: Annotated[
        Format, typer.Option("--output-format", envvar="RSE_PLAN_OUTPUT_FORMAT")
    ] = "text",
    playbook: PlaybookOption = CORE,
    language: LanguageOption,
    as_of: DayOption = None,
    force: ForceOption = False,
) -> None:
    """Plan a rollout; exit 1 when an update leaves conflicts or errors, or a check finds drift."""
    _require_together(context, language)
    settings = read_settings(playbook, language, as_of)
    if settings.playbook.rollout_defaults is None or not settings.playbook.phases:
        name = settings.playbook.name
        raise output.WrongUseError(language("errors.no_rollout", name=name))
    request = Request(
        organisation,
        playbook,
        settings,
        {
            "start": start, "deadline": deadline, "order": order,
            "objective": objective and first(objective),
            "ambassador_share": ambassadors, "seed": seed, "status_date": now,
        },
        BETTER if optimise else FIRST,
        output_format,
        replan=replan,
        baseline=baseline,
        force=force,
    )  # fmt: skip
    try:
        if scenarios:
            _compare(request, scenarios)
        elif is_update or check or diff:
            to = to or organisation.with_name(_PLAN)
            _update(request, to, check=check, diff=diff)
        else:
            _make(request, to)
    except UnschedulableError as error:
        raise output.WrongUseError(_unschedulable(error, language)) from None
    except CycleError as error:
        # The plan's own circles are found before: this one has a wait that is generated.
        names = [error.problem.activities[one].name for one in (*error.cycle, error.cycle[0])]
        circle = {"ids": " → ".join(names)}
        path = str(to or organisation)
        raise InvalidFileError([Diagnostic(path, "cycle", values=circle)]) from None
    except SolverMissingError:
        raise output.WrongUseError(language("errors.extra", extra="optimise")) from None


def _require_together(context: typer.Context, language: Language) -> None:
    """Raise WrongUseError for options on the command line that would mean nothing together."""
    said = {name for name, option in _TOGETHER.items() if context.params[option]}
    typed = {name for name in said if _is_typed(context, _TOGETHER[name])}
    updates = {"--update", "--check", "--diff"}
    if "--set" in typed:
        for other in _TOGETHER:
            if other in typed - {"--set"}:
                raise output.WrongUseError(language("errors.scenarios_only", option=other))
    for name in ("--now", "--replan"):
        if name in typed and not said & updates:
            raise output.WrongUseError(language("errors.update_only", option=name))
    if "--baseline" in typed and said & updates != {"--update"}:
        raise output.WrongUseError(language("errors.writing_only"))


def _is_typed(context: typer.Context, option: str) -> bool:
    """Say whether an option stands on the command line, and not in the settings of a project."""
    source = context.get_parameter_source(option)
    return source is not None and source.name == "COMMANDLINE"


@dataclass(frozen=True)
class Request:
    """What is planned, and how; wishes that are None leave the plan's own settings as they are."""

    path: Path
    playbook: str
    settings: Settings
    wishes: Mapping[str, Any]
    effort: Effort
    output_format: Format
    replan: bool = False
    baseline: bool = False
    force: bool = False

    @property
    def language(self) -> Language:
        """The language of what is said; a plan that there is keeps its own."""
        return self.settings.language

    def plan_settings(self, assessment: Assessment) -> PlanSettings:
        """Return the settings of a new plan, with the wishes."""
        own = default_settings(self.settings.playbook, _next_monday(assessment.as_of))
        return self.with_wishes(own.model_dump())

    def with_wishes(self, said: Data) -> PlanSettings:
        """Return settings with the wishes; raise WrongUseError for those that cannot be."""
        wanted = PlanSettings.model_validate(said | to_jsonable_python(self.wished))
        is_asked = not self.wished.keys().isdisjoint({"start", "deadline"})
        if is_asked and wanted.deadline and wanted.deadline < wanted.start:
            raise self.refused(
                "deadline_before_start", deadline=wanted.deadline, start=wanted.start
            )
        if now := self.wishes["status_date"]:
            before = said.get("status_date")
            if now < wanted.start:
                raise self.refused("now_before_start", now=now, start=wanted.start)
            if before and now < date.fromisoformat(before):
                raise self.refused("now_before_status", now=now, status=date.fromisoformat(before))
        return wanted

    def refused(self, why: str, **days: date) -> output.WrongUseError:
        """Say what is wrong with days that are asked for."""
        written = {name: self.language.date(day) for name, day in days.items()}
        return output.WrongUseError(self.language(f"errors.{why}", **written))

    @property
    def wished(self) -> dict[str, Any]:
        """The settings that are asked for."""
        return {name: said for name, said in self.wishes.items() if said is not None}

    @contextmanager
    def watched(self) -> Iterator[Effort]:
        """Show how far a longer search is."""
        if self.effort == FIRST:
            yield FIRST
            return
        with output.watched("plan.progress", self.language) as progress:
            yield replace(self.effort, progress=progress)

    def of_plan(self, plan: Plan, document: Document) -> "Request":
        """Ask for the same of a plan that there is: in its language, and as of its day.

        Where neither the organisation nor anybody says a day, today's would make every plan drift.
        """
        settings = self.settings
        if plan.language != settings.language.code:
            spoken = Language(plan.language)
            settings = read_settings(self.playbook, spoken, settings.as_of)
        origin = plan.made_from
        if (
            settings.as_of is None
            and digest(read_organisation(document)) == origin.organisation_digest
        ):
            settings = replace(settings, as_of=origin.organisation_as_of)
        return replace(self, settings=settings)


def _drafted(assessment: Assessment, wanted: PlanSettings, settings: Settings) -> Plan:
    """Write down what there is to do."""
    return draft(
        assessment.organisation, assessment.standing, wanted, settings.language, assessment.as_of
    )


def _scheduled(drafted: Plan, request: Request) -> Generated:
    """Find dates for all that there is to do."""
    with request.watched() as effort:
        return scheduled(timetable(drafted), effort)


def _next_monday(day: date) -> date:
    return day + timedelta(days=-day.weekday() % _WEEK)


def _make(request: Request, to: Path | None) -> None:
    """Make a new plan, and write it where one is asked for."""
    # Path.exists fails on a text that is too long for a name.
    there = to is not None and os.path.exists(to)  # noqa: PTH110
    if there and not request.force:
        raise output.WrongUseError(request.language("errors.plan_exists", path=to))
    assessment = assess_document(read_file(request.path), request.settings)
    drafted = _drafted(assessment, request.plan_settings(assessment), request.settings)
    made = _scheduled(drafted, request)
    data = plain(made.plan)
    if to is not None:
        record, before = _overwritten(to) if there else (Record(), "")
        record = record.with_generation(before, data).with_baseline(made.plan, data)
        text = plan_text(data, schema_name("plan"), request.language)
        _write(to, text, record, request.language)
        write_schema("plan", to, request.language)
    _show(PlanReport(made, request.settings.playbook), request)


def _overwritten(path: Path) -> tuple[Record, str]:
    """Return the record and the generation of a plan that stands until the new one is written."""
    try:
        return read_record(record_path(path)), str(read_file(path).data["made_from"]["generation"])
    except (InvalidFileError, KeyError, TypeError):
        return Record(), ""


def _update(request: Request, to: Path, *, check: bool, diff: bool) -> None:
    """Bring a plan up to date, or say what that would change."""
    document = read_file(to)
    ours = load(Plan, document)
    record = read_record(record_path(to))
    base = record.base(ours)
    if base is None:
        output.warn(request.language("plan.record_lost", path=record_path(to)))
    _require_no_obstacle(document, base)
    organisation = read_file(request.path)
    of_plan = request.of_plan(ours, organisation)
    assessment = assess_document(organisation, of_plan.settings)
    data = document.data
    wanted = request.with_wishes(data["settings"])
    data = data | {"settings": data["settings"] | to_jsonable_python(request.wished)}
    drafted = _drafted(assessment, wanted, of_plan.settings)
    _warn_of_another(drafted, ours, base, request.language)
    with request.watched() as effort:
        found = update(
            data, base, drafted, lambda path: bool(comments_in(document, path)),
            replan=request.replan, effort=effort,
        )  # fmt: skip
    text = _spliced(document, found.data, request.language)
    is_current = text == document.text
    if diff:
        output.put(_difference(document.text, text, to))
    elif not check and (not is_current or request.baseline):
        record = record.with_generation(ours.made_from.generation, found.base)
        if request.baseline:
            record = record.with_baseline(found.generated.plan, found.base)
        _write(to, text, record, request.language)
    drifts = not is_current or bool(found.conflicts)
    if not diff and (drifts or not check):
        _show(PlanChanges(ours, found, record.baseline, of_plan.settings.playbook), request)
    errors = [] if diff and not check else _errors(document, text)
    output.report(errors, request.language, text)
    if (check and drifts) or errors or (found.conflicts and not diff):
        raise typer.Exit(output.FINDINGS)


def _errors(document: Document, text: str) -> list[Diagnostic]:
    """List what is wrong in a plan as it comes to be, less what is only doubtful."""
    if text != document.text:
        document = read_text(text, document.path)
    found = plan_findings(document, load(Plan, document))
    return [one for one in found if one.severity == "error"]


def _require_no_obstacle(document: Document, base: Data | None) -> None:
    """Raise InvalidFileError for what keeps a plan from being scheduled, and no update mends."""
    data = tidied(document.data, base)
    if faults := obstacles(replace(document, data=data), Plan.model_validate(data)):
        raise InvalidFileError(faults)


def _warn_of_another(drafted: Plan, ours: Plan, base: Data | None, language: Language) -> None:
    """Say when a plan was made from something else than what it is updated by."""
    if drafted.organisation not in {ours.organisation, (base or {}).get("organisation")}:
        names = {"was": ours.organisation, "now": drafted.organisation}
        if not {site.id for site in drafted.sites} & {site.id for site in ours.sites}:
            raise output.WrongUseError(language("errors.other_organisation", **names))
        output.warn(language("plan.other_organisation", **names))
    if drafted.made_from.playbook != ours.made_from.playbook:
        names = {"was": ours.made_from.playbook, "now": drafted.made_from.playbook}
        output.warn(language("plan.other_playbook", **names))


def _difference(before: str, after: str, path: Path) -> str:
    """Write what changes as a patch."""
    sides = (before.splitlines(keepends=True), after.splitlines(keepends=True))
    lines = unified_diff(*sides, str(path), str(path))
    return "".join(line if line.endswith("\n") else f"{line}{_NO_END}" for line in lines)


def _spliced(document: Document, data: Data, language: Language) -> str:
    try:
        return spliced(document, data)
    except SpliceError as error:
        where = ".".join(map(str, error.location))
        raise output.WrongUseError(
            language("errors.splice", path=error.path, where=where)
        ) from None


def _write(path: Path, text: str, record: Record, language: Language) -> None:
    """Write the record before the plan: whatever stops us, each plan finds its own generation."""
    output.require_room(path, language)
    output.write_file(record_path(path), record.text(), language)
    output.write_file(path, text, language)


def _compare(request: Request, scenarios: Sequence[str]) -> None:
    """Plan with the facts as they are and as each scenario has them, without writing anything."""
    document = read_file(request.path)
    made = {}
    for scenario in ("", *scenarios):
        changes = [one.strip() for one in scenario.split(_BETWEEN_CHANGES) if one.strip()]
        of_plan = [one.removeprefix(_OF_PLAN) for one in changes if one.startswith(_OF_PLAN)]
        facts = [one for one in changes if not one.startswith(_OF_PLAN)]
        data = changed(document.data, facts, request.language)
        name = f"{document.path} (--set {scenario})" if scenario else document.path
        assessment = assess_document(replace(document, data=data, path=name), request.settings)
        settings = request.plan_settings(assessment)
        said = changed(settings.model_dump(mode="json"), of_plan, request.language)
        wanted = load(PlanSettings, Document(name, "", said))
        drafted = _drafted(assessment, wanted, request.settings)
        made[scenario] = _scheduled(drafted, request)
    _show(Scenarios(made), request)


def _show(report: PlanReport | PlanChanges | Scenarios, request: Request) -> None:
    """Print what is to be seen of a plan, in the form that is asked for."""
    if request.output_format == "text":
        from rse_plan.views.plan import view  # noqa: PLC0415 - only for a terminal

        output.put(output.draw([view(report, request.language)]))
    else:
        from rse_plan.documents.plan import written  # noqa: PLC0415 - only for other forms

        output.put(written(report, request.output_format, request.language))


def _unschedulable(error: UnschedulableError, language: Language) -> str:
    problem = error.problem
    task, role = problem.activities[error.activity].name, problem.resources[error.resource].name
    return language("errors.unschedulable", task=task, role=role)
