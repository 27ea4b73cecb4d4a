"""What the README shows of the product: the factors, the commands, a report."""

from rse_plan.checks.validation import check_content
from rse_plan.documents.reports import Report, write
from rse_plan.documents.wording import Wording
from rse_plan.files import lines_of
from rse_plan.files.resources import CORE
from rse_plan.language import Language
from rse_plan.playbook import playbook_folder, read_playbook


def factor_table(code: str) -> str:
    """Return the core playbook's factors with their weights, as a Markdown table."""
    say = Language(code)
    playbook = read_playbook(playbook_folder(CORE), code)
    words = Wording(say, playbook)
    head = [say(f"catalogue.{name}") for name in ("factor", "weight", "indicators")]
    rows = [
        [
            f"{words.factor(factor.id)} (`{factor.id}`)",
            say.number(factor.weight, 1),
            say.listed(words.indicator(indicator.id) for indicator in factor.indicators),
        ]
        for factor in playbook.factors
    ]
    return _table(head, rows)


def command_table(code: str) -> str:
    """Return the commands and what they are for, as a Markdown table."""
    say = Language(code)
    commands = say.table("commands")["commands"]
    rows = [[f"`rse-plan {name}`", texts["short"]] for name, texts in commands.items()]
    return _table([say("catalogue.command"), say("catalogue.purpose")], rows)


_FAULTY = b"""kind: organisation
name: Acme
headcount: 830
sponsorship:
  levl: top-leader
pilot:
  start: 02/03/2026
"""
_CONTRADICTORY = b"""kind: organisation
name: Acme
headcount: 830
pilot:
  users: 900
"""


def fault_example(code: str) -> str:
    """Return what `validate` says of a file of a wrong form, and of a contradictory one."""
    shown = "\n".join(_report(content, code) for content in (_FAULTY, _CONTRADICTORY))
    return f"```text\n{shown.rstrip()}\n```"


def _report(content: bytes, code: str) -> str:
    checked = check_content(content, "org.yaml", lambda _: CORE, code)
    report = Report(checked.diagnostics, (), Language(code), lambda _: lines_of(content.decode()))
    return write(report, "text")


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, [":--" for _ in head], *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
