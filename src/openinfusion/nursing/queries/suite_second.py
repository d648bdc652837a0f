# SPDX-License-Identifier: Apache-2.0
"""The second nurse of a visit wherever it is made: at a home at the visit's time, in a suite at its appointment's."""
from __future__ import annotations

from uuid import UUID

from openinfusion.kernel.refusal import Reason
from openinfusion.nursing.domain.appointment import SEATED
from openinfusion.nursing.domain.second_nurse import SecondFacts, why_two
from openinfusion.nursing.models import Appointment, NurseVisit, SecondNurse
from openinfusion.nursing.queries import BEGUN
from openinfusion.nursing.queries import second_facts as facts_at_home
from openinfusion.nursing.queries import second_reasons as reasons_at_home
from openinfusion.nursing.queries.suite import at_the_chair
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today

_SEATED = tuple(s.value for s in SEATED)
_JUDGED = frozenset({"wanted", "refused", "offered"})


def appointment_behind(visit: NurseVisit) -> Appointment | None:
    """The appointment that has a place and is made as this visit."""
    return Appointment.objects.filter(visit=visit, state__in=_SEATED).first()


def second_reasons(visit: NurseVisit, row: SecondNurse) -> tuple[Reason, ...]:
    """Why the second nurse who is named may not be there then: what is asked of the first, and where she already is."""
    if not visit.in_suite:
        return reasons_at_home(visit, row)
    a = appointment_behind(visit)
    return at_the_chair(a, row) if a is not None else ()


def could_be_second(visit: NurseVisit, row: SecondNurse, nurse: UUID, name: str) -> tuple[Reason, ...]:
    """What would speak against a nurse in the second place."""
    named = SecondNurse(id=row.id, visit=visit, nurse=nurse, nurse_name=name)
    return second_reasons(visit, named)


def second_facts(visit: NurseVisit, row: SecondNurse, by: Actor) -> SecondFacts:
    """What the guards of the second place ask."""
    if not visit.in_suite:
        return facts_at_home(visit, row, by)
    a = appointment_behind(visit)
    reasons = second_reasons(visit, row) if row.state in _JUDGED else ()
    return SecondFacts(row.nurse, a.nurse if a else None, by.id, reasons, visit.state in BEGUN,
                       why_two(row.why, house_today()).one_may)
