"""The sponsor: who it is, at what level, and among whom."""

from collections.abc import Iterator
from unicodedata import normalize

from rse_plan.checks.fault import Fault, fault
from rse_plan.files import closest
from rse_plan.organisation import Organisation

_IN_THE_COMMITTEE = ("executive-committee", "top-leader")


def sponsor_and_level_differ(organisation: Organisation) -> Iterator[Fault]:
    """Find a sponsor without any level, or the level of nobody."""
    sponsor, level = organisation.sponsorship.sponsor.value, organisation.sponsorship.level
    if sponsor is None:
        return
    if sponsor == "none":
        contradicted, found = level.low not in (None, "none"), level.low
    else:
        contradicted, found = level.high == "none", level.high
    if contradicted:
        at, against = "sponsorship.level", "sponsorship.sponsor"
        yield fault("sponsor-and-level-differ", at, against, found=found, sponsor=sponsor)


def sponsor_not_in_committee(organisation: Organisation) -> Iterator[Fault]:
    """Find a sponsor of the committee's level who is none of its members, all of them named."""
    sponsor, level = organisation.sponsorship.sponsor.value, organisation.sponsorship.level.low
    members = organisation.executive_committee.members.high
    if sponsor is None or sponsor == "none" or level not in _IN_THE_COMMITTEE or not members:
        return
    names = [member.name for member in members if member.name]
    known = [*names, *(member.role for member in members)]
    if len(names) == len(members) and not any(_alike(sponsor, word) for word in known):
        yield fault(
            "sponsor-not-in-committee",
            "sponsorship.sponsor",
            "executive_committee.members",
            suggestion=closest(sponsor, known),
            found=sponsor,
        )


def _alike(one: str, other: str) -> bool:
    """Say whether a person is told within another text, whatever the case, accents and spaces."""
    shorter, longer = sorted((_folded(one), _folded(other)), key=len)
    return shorter in longer


def _folded(text: str) -> str:
    """Keep letters and digits, without case or accents."""
    return "".join(c for c in normalize("NFKD", text).casefold() if c.isalnum())
