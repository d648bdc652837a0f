# SPDX-License-Identifier: Apache-2.0
"""The second nurse on a visit's page: why, who, what speaks against her by now, and what may be done."""
from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from openinfusion.kernel.roles import Role
from openinfusion.nursing.domain.second_nurse import BY_CODE, SECOND, SecondState, WhyTwo, why_two
from openinfusion.nursing.models import NurseVisit, SecondNurse
from openinfusion.nursing.permissions import OFFER, REQUEST
from openinfusion.nursing.queries import GIVEN
from openinfusion.nursing.queries.second import SecondFact, second_fact, second_row
from openinfusion.nursing.queries.suite_second import appointment_behind, could_be_second, second_facts, second_reasons
from openinfusion.nursing.web.forms import OfferSecondForm, SecondForm
from openinfusion.platform.actor import Actor
from openinfusion.platform.house_day import house_today
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.team.public import people

_ASKED_WHILE = ("requested", "refused", "offered", "accepted", "confirmed")


@dataclass(frozen=True, slots=True)
class SecondPart:
    """``against``: why who is named could not be there, as her time and papers stand now."""

    fact: SecondFact
    why: WhyTwo
    tone: str
    against: tuple[str, ...]
    acts: tuple[Act, ...]
    form: OfferSecondForm | None
    waits_for_first: bool


def second_part(row: NurseVisit, by: Actor) -> SecondPart | None:
    """The second place of a visit; None where one nurse makes it."""
    there = second_row(row)
    if there is None:
        return None
    acts = acts_of(
        SECOND, there.state, second_facts(row, there, by), by, leave_out=BY_CODE,
        url_for=lambda step: reverse("nursing:second_step", args=[row.id, step]),
    )
    open_ = there.state in (SecondState.WANTED.value, SecondState.REFUSED.value) and by.may(OFFER.code)
    if row.in_suite:
        given = appointment_behind(row) is not None and row.state == "requested"
    else:
        given = row.state in GIVEN and row.planned_start is not None and row.planned_end is not None
    judged = there.state in (SecondState.OFFERED.value, SecondState.ACCEPTED.value) and given
    return SecondPart(
        second_fact(there), why_two(there.why, house_today()), SECOND.tone(SecondState(there.state)),
        tuple(str(r) for r in second_reasons(row, there)) if judged else (), acts,
        _offer_form(row, there) if open_ and given else None, open_ and not given,
    )


def _offer_form(row: NurseVisit, there: SecondNurse) -> OfferSecondForm:
    first = (appointment_behind(row) or row).nurse
    found = []
    for p in people(Role.NURSE):
        if p.id != first:
            reasons = could_be_second(row, there, p.id, p.name)
            found.append((len(reasons), p.name, str(p.id), f"{p.name} (may not: {reasons[0]})" if reasons else p.name))
    return OfferSecondForm(auto_id="second-%s", nurses=[(id, label) for _, _, id, label in sorted(found)])


def ask_form(row: NurseVisit, by: Actor) -> SecondForm | None:
    """The form to ask for a second nurse, while who makes it is not settled."""
    asks = row.state in _ASKED_WHILE and by.may(REQUEST.code)
    return SecondForm(auto_id="why-two-%s") if asks and second_row(row) is None else None
