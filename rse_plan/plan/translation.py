"""A plan in another language, where its words are still those that were drafted.

Both drafts are of the same organisation and playbook. What somebody wrote into the plan stays as
it is, and so do the facts of the organisation, which both drafts say in its own words.
"""

from typing import Any

from rse_plan.plan.model import Plan


def translated(plan: Plan, theirs: Plan, ours: Plan) -> Plan:
    """Return a plan with the words of our draft wherever it has those of the other one."""
    said = _put(plan.model_dump(), theirs.model_dump(), ours.model_dump())
    return Plan.model_validate(said | {"language": ours.language})


def _put(said: Any, theirs: Any, ours: Any) -> Any:
    if isinstance(said, dict) and isinstance(theirs, dict) and isinstance(ours, dict):
        return {key: _put(one, theirs.get(key), ours.get(key)) for key, one in said.items()}
    if isinstance(said, list | tuple) and isinstance(theirs, list | tuple):
        before, after = _named(theirs), _named(ours or ())
        return tuple(
            _put(one, before.get(name), after.get(name)) for name, one in _named(said).items()
        )
    return ours if isinstance(said, str) and said == theirs and isinstance(ours, str) else said


def _named(items: Any) -> dict[object, Any]:
    """Give each item the name that it has in every language, or its place when it has none."""
    return {
        one.get("id", place) if isinstance(one, dict) else place: one
        for place, one in enumerate(items)
    }
