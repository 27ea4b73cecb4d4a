"""What commands read: a playbook, and organisations that agree with themselves and with it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from rse_plan.assessment import Assessment, assess
from rse_plan.checks.answers import check_answers
from rse_plan.checks.validation import organisation_findings
from rse_plan.cli import output
from rse_plan.files import Diagnostic, Document, InvalidFileError, read_file
from rse_plan.language import Language
from rse_plan.organisation import Organisation, read_organisation
from rse_plan.playbook import Playbook, playbook_folder, read_playbook
from rse_plan.playbook.model import Stability


@dataclass(frozen=True)
class Settings:
    """How to assess, the same for every file of a command."""

    playbook: Playbook
    language: Language
    as_of: date | None = None
    stability: Stability | None = None
    effort_budget_days: float | None = None

    def drawing(self, **asked: float | None) -> "Settings":
        """Change how weights are drawn: `kappa`, `draws`, `seed`; None changes nothing."""
        changes = {name: value for name, value in asked.items() if value is not None}
        return replace(self, stability=self.playbook.stability.model_copy(update=changes))


def read_settings(
    playbook: str,
    language: Language,
    as_of: date | None = None,
    effort_budget_days: float | None = None,
) -> Settings:
    """Read the playbook in the language; raise InvalidFileError for what is wrong with it."""
    read = read_playbook(playbook_folder(playbook), language.code)
    return Settings(read, language, as_of, effort_budget_days=effort_budget_days)


def assess_files(paths: list[Path], settings: Settings) -> list[Assessment]:
    """Assess every file; raise InvalidFileError with the faults of all, warn of the rest."""
    found: list[Assessment] = []
    faults: list[Diagnostic] = []
    for path in output.tracked(paths, len(paths), "progress", settings.language):
        try:
            found.append(assess_document(read_file(path), settings))
        except InvalidFileError as invalid:
            faults += invalid.diagnostics
    if faults:
        raise InvalidFileError(faults)
    return found


def read_described(document: Document, settings: Settings) -> Organisation:
    """Read one organisation, warning of what is doubtful in it."""
    organisation = read_organisation(document)
    answers = check_answers(organisation, document, settings.playbook)
    diagnostics = organisation_findings(document, organisation, answers)
    if any(diagnostic.severity == "error" for diagnostic in diagnostics):
        raise InvalidFileError(diagnostics)
    output.report(diagnostics, settings.language)
    return organisation


def assess_document(document: Document, settings: Settings) -> Assessment:
    """Assess one file, warning of what is doubtful in it."""
    organisation = read_described(document, settings)
    return assess(
        organisation,
        settings.playbook,
        settings.as_of or organisation.as_of or today(),
        stability=settings.stability,
        effort_budget_days=settings.effort_budget_days,
    )


def today() -> date:
    """Read the clock."""
    return datetime.now(UTC).astimezone().date()
