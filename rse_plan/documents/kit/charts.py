"""What the charts of the documents show: figures and words, not yet drawn.

The same figures make the pictures of pages and the native charts of the deck. A chart says in its
title what it shows, and in its description all that a reader who cannot see it needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby

from rse_plan.documents.kit.dossier import Dossier
from rse_plan.documents.kit.manuscript import bound
from rse_plan.documents.kit.marks import KINDS, Bar, Chart, Interval, Line
from rse_plan.documents.render import plain_line
from rse_plan.plan.report import limited, weekly_load

_BETWEEN = " · "


def chart(name: str, dossier: Dossier) -> Chart | None:
    """Return a chart; None where the plan does not have its figures."""
    found, say = CHARTS[name](dossier), dossier.say
    return found and replace(
        found, title=bound(found.title, say), description=bound(found.description, say)
    )


def scores(dossier: Dossier) -> Chart | None:
    """Show the score of each factor, the lowest first, with what is not known yet."""
    if dossier.assessment is None:
        return None
    say, words = dossier.say, dossier.words
    found = [(one.factor.id, one.score) for one in dossier.assessment.factors if one.score]
    found.sort(key=lambda one: one[1])
    if not found:
        return None
    said = (
        say("kit.charts.scores.one", name=words.factor(name), score=words.interval(score))
        for name, score in found
    )
    (lowest, least), *others = found
    is_alone = not others or others[0][1] != least
    return Chart(
        say("kit.charts.scores.title", lowest=words.factor(lowest))
        if is_alone
        else say("kit.charts.scores.several"),
        _BETWEEN.join(said),
        tuple(Interval(plain_line(words.factor(name)), *score) for name, score in found),
        is_share=True,
        words={part: say(f"kit.charts.scores.{part}") for part in ("known", "open")},
    )


def timeline(dossier: Dossier) -> Chart | None:
    """Show the phases with their gates, and the waves."""
    say, marks = dossier.say, []
    for phase in dossier.plan.phases:
        spans = [
            dossier.spans[one.task.id]
            for one in dossier.tasks(phase=phase.id)
            if one.task.id in dossier.spans
        ]
        if spans:
            start, end = min(one.start for one in spans), max(one.end for one in spans)
            marks.append(Bar("phase", plain_line(phase.name), start, end))
        if phase.gate and (day := dossier.due(phase.gate.id)):
            marks.append(Bar("gate", plain_line(phase.gate.name), day, day))
    marks += [
        Bar("wave", plain_line(one.name), one.start, one.end)
        for one in dossier.plan.waves
        if one.start and one.end
    ]
    if not marks:
        return None
    said = (
        say("kit.charts.timeline.day", name=one.name, day=say.date(one.start))
        if one.start == one.end
        else say(
            "kit.charts.timeline.one",
            name=one.name,
            start=say.date(one.start),
            end=say.date(one.end),
        )
        for one in marks
    )
    span = dossier.span
    title = say("kit.charts.timeline.title", start=say.date(span.start), end=say.date(span.end))
    words = {kind: say(f"kit.charts.timeline.{kind}") for kind in KINDS}
    return Chart(title, _BETWEEN.join(said), tuple(marks), words=words)


def reach(dossier: Dossier) -> Chart | None:
    """Show how many people have access, as sites open."""
    say = dossier.say
    launched = [(day, site.headcount or 0) for site, day in dossier.launches]
    if not launched or dossier.headcount is None:
        return None
    people, points = 0, [(dossier.span.start, 0.0)]
    for day, group in groupby(sorted(launched), key=lambda one: one[0]):
        people += sum(count for _, count in group)
        points.append((day, float(people)))
    half = next(day for day, count in points if count * 2 >= people)
    last = points[-1][0]
    points.append((max(last, dossier.span.end), float(people)))
    words = {"people": say.number(people), "half": say.date(half), "last": say.date(last)}
    line = Line(say("kit.charts.reach.line"), tuple(points))
    return Chart(
        say("kit.charts.reach.title", **words),
        say("kit.charts.reach.description", **words),
        (line,),
    )


def load(dossier: Dossier) -> Chart | None:
    """Show the load of each role, month by month, as a share of the time that it has."""
    say, lines = dossier.say, []
    for role in limited(dossier.plan):
        weeks = weekly_load(role, dossier.plan)
        months = groupby(weeks, key=lambda week: week.monday.replace(day=1))
        points = []
        for month, group in months:
            found = [*group]
            available = sum(week.available for week in found)
            if available:
                points.append((month, sum(week.asked for week in found) / available))
        if points:
            lines.append(Line(plain_line(dossier.role(role.id)), tuple(points)))
    if not lines:
        return None
    peaks = [(line.name, *max(line.points, key=lambda point: point[1])) for line in lines]
    said = [
        say("kit.charts.load.one", name=name, share=say.percent(share), month=dossier.month(month))
        for name, month, share in peaks
    ]
    name, month, share = max(peaks, key=lambda peak: peak[2])
    title = say(
        "kit.charts.load.title", name=name, share=say.percent(share), month=dossier.month(month)
    )
    words = {"axis": say("kit.charts.load.axis")}
    return Chart(title, _BETWEEN.join(said), tuple(lines), is_share=True, words=words)


CHARTS: Mapping[str, Callable[[Dossier], Chart | None]] = {
    "scores": scores,
    "timeline": timeline,
    "reach": reach,
    "load": load,
}
