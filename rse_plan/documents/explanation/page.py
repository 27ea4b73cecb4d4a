"""One page of explanation, in words, before it is shown."""

from dataclasses import dataclass

Entries = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Explanation:
    """A title, labelled paragraphs, lists of (id, name) to explain in turn, labelled examples."""

    identifier: str
    kind: str
    title: str
    paragraphs: Entries
    lists: tuple[tuple[str, Entries], ...] = ()
    sources: Entries = ()
    examples: Entries = ()
