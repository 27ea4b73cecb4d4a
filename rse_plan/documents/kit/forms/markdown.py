"""A document as the Markdown that it is."""

from rse_plan.documents.kit.look import Look
from rse_plan.documents.kit.manuscript import Manuscript


def markdown(manuscript: Manuscript, look: Look) -> bytes:  # noqa: ARG001 - text has no look
    """Return the text, in UTF-8."""
    return manuscript.markdown.encode()
