"""Change the text of a document, and make sure that it is read as what was meant."""

from typing import Any

from rse_plan.files.diagnostic import InvalidFileError
from rse_plan.files.reader import Document, Location, read_text
from rse_plan.files.splice.comparison import difference, indexed
from rse_plan.files.splice.edits import SpliceError, Splicer
from rse_plan.files.splice.page import BREAK, BREAKS, read

_BOM = "\ufeff"


def spliced(document: Document, data: Any, *, with_comments: bool = False) -> str:
    """Return the text of a document, changed no more than it takes to be read as `data`.

    What stands in the text stays in its place: the keys of mappings, and the items of lists whose
    items all have an ``id``, are found by name, and their order in `data` only places what is new.
    Other lists get the order of `data`. Comment lines directly above a deleted entry are left
    unless the caller, having asked `comments_in`, lets them go `with_comments`; those inside it
    go. Raise SpliceError for what cannot be changed so that it is read as `data`.
    """
    location = difference(document.data, data)
    if location is None:
        return document.text
    bom, text, last_break = _parts(document)
    rewritten: set[Location] = set()
    while () not in rewritten:
        splicer = Splicer(document.path, text, rewritten, with_comments=with_comments)
        result = splicer.result(document.data, data)
        fault = location
        # A last line break that was missing stays so, unless a text in lines comes to need it.
        for shown in dict.fromkeys((result.removesuffix(last_break), result)):
            misread = _misread(shown, document.path, data)
            if misread is None:
                return bom + shown
            fault = misread
        location = fault or location
        while fault in rewritten:
            fault = fault[:-1]
        rewritten.add(fault)
    raise SpliceError(document.path, indexed(document.data, location))


def comments_in(document: Document, location: Location) -> list[str]:
    """List the comments inside or directly above an entry, which deleting it can lose.

    An item of a list can be named by its index or by its ``id``.
    """
    page, node = read(_parts(document)[1])
    start, end = 0, len(page.text)
    for part in indexed(document.data, location):
        keys = [entry.key for entry in node.entries] if node else []
        if node is None or part not in keys:
            return []
        start, end = page.extent(node, keys.index(part))
        node = node.entries[keys.index(part)].node
    return [*page.comments(document, start, end)]


def _parts(document: Document) -> tuple[str, str, str]:
    """Return the mark at the start of a text, its lines, and the last line break if it has none."""
    text = document.text.removeprefix(_BOM)
    found = BREAK.search(text)
    missing = "" if not text or text.endswith(tuple(BREAKS)) else found[0] if found else "\n"
    return document.text[: len(document.text) - len(text)], text + missing, missing


def _misread(text: str, path: str, meant: Any) -> Location | None:
    """Return where a text is not read as what was meant, as a whole if it cannot be read."""
    try:
        return difference(read_text(text, path).data, meant)
    except InvalidFileError:
        return ()
