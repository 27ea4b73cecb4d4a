"""What must hold between the files of a playbook: ids, references, texts, facts, order."""

from rse_plan.files import Diagnostic
from rse_plan.playbook.consistency.book import Book
from rse_plan.playbook.consistency.facts import action_faults, indicator_faults, rollout_faults
from rse_plan.playbook.consistency.names import duplicate_ids, sourceless, unknown_references
from rse_plan.playbook.consistency.order import cycles, level_faults
from rse_plan.playbook.consistency.tasks import document_faults, form_faults, unplaced_actions
from rse_plan.playbook.consistency.texts import text_faults
from rse_plan.playbook.layer import Layer

_RULES = (
    duplicate_ids, unknown_references, sourceless, text_faults, indicator_faults, action_faults,
    rollout_faults, form_faults, document_faults, unplaced_actions, cycles, level_faults,
)  # fmt: skip


def faults(layers: list[Layer]) -> list[Diagnostic]:
    """List what does not hold between the files of a playbook and of those it extends."""
    book = Book(layers)
    return [fault for rule in _RULES for fault in rule(book)]
