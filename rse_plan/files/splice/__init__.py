"""Change a YAML text that people edited only where its data changes.

A text that is written anew loses its comments, its order and its form. Here libyaml's marks say
where each value stands (``page``), data is compared by name (``comparison``), and only what differs
is replaced (``edits``), in the form of what stood there (``forms``). Reading the result has to give
the data that was meant (``document``); else the smallest block around the fault is written anew, or
the change is refused.
"""

from rse_plan.files.splice.comparison import by_id
from rse_plan.files.splice.document import comments_in, spliced
from rse_plan.files.splice.edits import SpliceError

__all__ = ["SpliceError", "by_id", "comments_in", "spliced"]
