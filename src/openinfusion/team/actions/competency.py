# SPDX-License-Identifier: Apache-2.0
"""Results of people in the elements of the matrix, remediation after a failure, and garbing attested for the day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site
from openinfusion.team.actions.people import person_with
from openinfusion.team.domain.competency import elements
from openinfusion.team.domain.trial import Trial, failings, half_read
from openinfusion.team.models import CompetencyResult, GarbAttest, Person, Remediation
from openinfusion.team.permissions import COMPETENCY, GARB


@action
def record_competency(
    *, user_id: UUID, element: str, on: date, passed: bool, by: Actor, trial: Trial | None = None, note: str = ""
) -> UUID:
    """Record a result. Nobody records their own; counts over their limit fail whatever the observer says.

    After a failure nobody passes again before a remediation is on record.
    """
    by.must(COMPETENCY)
    _known(element)
    if user_id == by.id:
        raise Refused(Reason("own-competency", "nobody records their own competency", "another observer"))
    counted = trial or Trial()
    if half_read(counted):
        raise Malformed(Fault("Fingertips", "read both hands, or neither"))
    if on > house_today() + timedelta(days=1):
        raise Malformed(Fault("Day of the test", "this day is still to come"))
    person = lock(Person, person_with(user_id).id)
    against = failings(element, counted)
    holds = passed and not against
    if holds:
        _remediated(person, element, on)
    row = CompetencyResult.objects.create(
        person=person,
        element=element,
        on=on,
        passed=holds,
        left_cfu=counted.left_cfu,
        right_cfu=counted.right_cfu,
        surface_cfu=counted.surface_cfu,
        growth=counted.growth,
        note="; ".join(t for t in (*against, note.strip()) if t),
        observed_by=by.id,
        observer_name=by.name,
    )
    write(
        by,
        "team.competency.record",
        row,
        "{actor} recorded that {person} {result} {element} on {on}.",
        noted={"person": person.name, "result": "passed" if holds else "failed", "element": elements()[element], "on": on},
        reason=row.note,
    )
    return row.id


def _known(element: str) -> None:
    if element not in elements():
        raise Malformed(Fault("element", f"“{element}” is not a competency; known are {', '.join(sorted(elements()))}"))


def _remediated(person: Person, element: str, on: date) -> None:
    """Refused where the last result was a failure that nothing was done about since."""
    mine = CompetencyResult.objects.filter(person=person, element=element).order_by("-on", "-made_at").first()
    if mine is None or mine.passed:
        return
    done = Remediation.objects.filter(person=person, element=element, on__gte=mine.on, on__lte=on, made_at__gt=mine.made_at)
    if not done.exists():
        text = f"{person.name} failed {elements()[element]} on {mine.on:%d-%b-%Y} and no remediation is on record since"
        raise Refused(Reason("remediation-missing", text, "record what was done, then the pass"))


@action
def record_remediation(*, user_id: UUID, element: str, on: date, text: str, by: Actor) -> UUID:
    """Record what was done with a person after they failed an element: retraining, watched practice."""
    by.must(COMPETENCY)
    _known(element)
    if user_id == by.id:
        raise Refused(Reason("own-competency", "nobody records their own remediation", "another observer"))
    if not text.strip():
        raise Malformed(Fault("What was done", "say what was done"))
    person = person_with(user_id)
    if not CompetencyResult.objects.filter(person=person, element=element, passed=False, on__lte=on).exists():
        raise Refused(Reason("nothing-failed", f"{person.name} has not failed {elements()[element]} by that day"))
    row = Remediation.objects.create(
        person=person, element=element, on=on, text=text.strip(), done_by=by.id, doer_name=by.name
    )
    noted = {"person": person.name, "element": elements()[element], "on": on}
    sentence = "{actor} recorded a remediation of {person} in {element} on {on}."
    write(by, "team.competency.remediate", row, sentence, noted=noted, reason=text)
    return row.id


@action
def attest_garb(*, site_id: UUID, by: Actor, hazardous: bool = False) -> UUID:
    """Attest one's own garbing on entering the cleanrooms of a site, for the rest of the day there."""
    by.must(GARB)
    person, site = person_with(by.id), lock(Site, site_id)
    row = GarbAttest.objects.create(
        person=person, site=site, on=today(site.timezone), at=now(), hazardous=hazardous
    )
    noted = {"site": site.name, "what": " for hazardous drugs" if hazardous else ""}
    write(by, "team.garb.attest", row, "{actor} attested garbing{what} on entering the cleanrooms of {site}.", noted=noted)
    return row.id
