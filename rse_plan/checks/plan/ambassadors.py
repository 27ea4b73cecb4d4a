"""Ambassadors: no more than there is staff, parts that make up the whole, within what is known."""

from collections.abc import Iterator

from rse_plan.checks.fault import Fault, fault
from rse_plan.checks.organisation.ranges import ROUNDED_SHARES
from rse_plan.checks.plan.outline import Outline


def above_staff(outline: Outline) -> Iterator[Fault]:
    """Find more ambassadors than there are people, in a site or in all of them."""
    plan = outline.plan
    for index, site in enumerate(plan.sites):
        if site.ambassadors and site.headcount is not None:
            found = site.ambassadors.target
            if found > site.headcount:
                at = ("sites", index)
                where, whole = (*at, "ambassadors", "target"), (*at, "headcount")
                yield fault("part-above-whole", where, whole, found=found, limit=site.headcount)
    staff = _staff(outline)
    if plan.ambassadors is None or staff is None:
        return
    for key in ("target", "named"):
        found = getattr(plan.ambassadors, key)
        if found is not None and found > staff:
            yield fault("part-above-whole", ("ambassadors", key), "sites", found=found, limit=staff)


def _staff(outline: Outline) -> int | None:
    """Return the staff of all sites; None when one does not tell."""
    counts = [site.headcount for site in outline.plan.sites]
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


def parts_differ(outline: Outline) -> Iterator[Fault]:
    """Find targets that do not add up: of the profiles of a site, and of all sites."""
    plan = outline.plan
    targets = []
    for index, site in enumerate(plan.sites):
        said = site.ambassadors
        if said is None:
            continue
        targets.append(said.target)
        if said.connected is not None and said.field is not None:
            total = said.connected + said.field
            if total != said.target:
                at = ("sites", index, "ambassadors")
                others = (*at, "connected"), (*at, "field")
                yield fault(
                    "parts-differ", (*at, "target"), *others, found=said.target, total=total
                )
    if plan.ambassadors and targets and sum(targets) != plan.ambassadors.target:
        where = ("ambassadors", "target")
        found, total = plan.ambassadors.target, sum(targets)
        yield fault("parts-differ", where, "sites", found=found, total=total)


def outside_the_band(outline: Outline) -> Iterator[Fault]:
    """Find a target outside what is documented."""
    network = outline.plan.ambassadors
    if network is None:
        return
    low, high = network.documented_low, network.documented_high
    if not low <= network.target <= high:
        limit = "documented_low" if network.target < low else "documented_high"
        at, against = ("ambassadors", "target"), ("ambassadors", limit)
        yield fault("outside-the-band", at, against, found=network.target, low=low, high=high)


def shares_differ(outline: Outline) -> Iterator[Fault]:
    """Find a share of ambassadors that is not the one of the settings, or of the target."""
    network, staff = outline.plan.ambassadors, _staff(outline)
    if network is None:
        return
    wanted = outline.plan.settings.ambassador_share
    if abs(network.share - wanted) > ROUNDED_SHARES:
        yield _share(network.share, wanted, "settings.ambassador_share")
    elif staff and abs(network.target - network.share * staff) >= 1:
        counted = network.target / staff
        if abs(network.share - counted) > ROUNDED_SHARES:
            yield _share(network.share, counted, "ambassadors.target")


def _share(found: float, counted: float, other: str) -> Fault:
    ends = round(100 * found), round(100 * counted)
    return fault(
        "ambassador-share-differs", "ambassadors.share", other, found=ends[0], counted=ends[1]
    )
