"""A plan, an update or scenarios in Markdown, in the same order as on a terminal."""

from markupsafe import Markup

from rse_plan.documents.plan.changes import Changes
from rse_plan.documents.plan.conflicts import ConflictWording
from rse_plan.documents.plan.scenarios import ScenarioWording
from rse_plan.documents.plan.selection import Selection
from rse_plan.documents.plan.timeline import Axis
from rse_plan.documents.plan.wording import PlanWording
from rse_plan.documents.render import sandbox
from rse_plan.language import Language, printable
from rse_plan.plan.report import PlanChanges, PlanReport, Scenarios

_WIDTH = 72
_LABELS = 24
# Lines that begin so are shown as they are, whatever they contain.
_VERBATIM = "    "


def plan_markdown(report: PlanReport | PlanChanges | Scenarios, language: Language) -> str:
    """Fill the template of a language."""
    template = sandbox(language.code).get_template("plan.md.j2")
    if isinstance(report, Scenarios):
        words = ScenarioWording(report, language)
        return template.render(kind="scenarios", say=language, words=words, names=[*report.made])
    if isinstance(report, PlanChanges):
        found = Changes(report)
        return template.render(
            kind="changes",
            say=language,
            found=found,
            conflicts=report.updated.conflicts,
            baseline=report.baseline,
            differing=ConflictWording(report.updated, language),
            words=PlanWording(found.report.made, language),
        )
    shown, said = Selection(report), PlanWording(report.made, language)
    return template.render(
        kind="plan",
        say=language,
        report=report,
        plan=report.plan,
        shown=shown,
        words=said,
        timeline=Markup("\n".join(_timeline(shown, language))),  # noqa: S704 - shown verbatim
        loads=Markup("\n".join(_loads(shown, said))),  # noqa: S704 - likewise
    )


def _timeline(shown: Selection, language: Language) -> list[str]:
    axis = Axis.of(shown.plan, _WIDTH)
    rows = [("", head) for head in axis.heads(language)]
    rows += [(phase.name, axis.phase(phase)) for phase in shown.plan.phases]
    rows += [(one.wave.name, axis.wave(one.wave, one.launches)) for one in shown.openings]
    return [_row(name, drawn) for name, drawn in rows]


def _loads(shown: Selection, words: PlanWording) -> list[str]:
    axis = Axis.of(shown.plan, _WIDTH)
    rows = [("", head) for head in axis.heads(words.say)]
    rows += [(words.role(one.role), axis.load(one.weeks)) for one in shown.loads]
    return [_row(name, drawn) for name, drawn in rows]


def _row(name: str, drawn: str) -> str:
    label = printable(name)
    label = label if len(label) <= _LABELS else label[: _LABELS - 1] + "…"
    return f"{_VERBATIM}{label:<{_LABELS}}  {drawn}".rstrip()
