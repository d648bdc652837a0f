# SPDX-License-Identifier: Apache-2.0
"""Phones that carry visits: registered by their nurse, prepared for the day, revoked and allowed again by the manager."""
from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db.models import Q

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.domain.figure import figure
from openinfusion.nursing.models import NurseVisit, Phone
from openinfusion.nursing.permissions import MAKE, ROSTER
from openinfusion.nursing.queries.second import visits_beside
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write

CARRIED = ("offered", "accepted", "confirmed", "en_route", "in_progress", "documented", "reviewed")
REVOKED = "the nurse manager allows it again; what it holds unsent stays on it until then"


@action
def register_phone(*, name: str, by: Actor) -> UUID:
    """A nurse's phone, before it carries visits."""
    by.must(MAKE)
    if not name.strip():
        raise Malformed(Fault("name", "give the phone a name, to know it again"))
    row = Phone.objects.create(nurse=by.id, nurse_name=by.name, name=name.strip()[:80])
    write(by, "nursing.phone.register", row, "{actor} registered phone {subject}.")
    return row.id


@action
def prepare_phone(*, device_id: UUID, by: Actor) -> UUID:
    """The nurse takes the visits she is assigned along; who took whose chart along is in the journal."""
    by.must(MAKE)
    row = lock(Phone, device_id)
    if row.nurse != by.id:
        raise Refused(Reason("another-phone", "this phone was registered by another nurse", "wipe it and register it anew"))
    if row.revoked_at is not None:
        raise Refused(Reason("phone-revoked", f"this phone was revoked by {row.revoker_name}", REVOKED))
    own = Q(nurse=by.id) | Q(pk__in=visits_beside(by.id))
    mine = list(NurseVisit.objects.filter(own, state__in=CARRIED).order_by("planned_start").values_list("number", "id"))
    hours = int(figure("packet_hours", house_today()))
    revise(
        row, "nursing.phone.prepare", "{actor} took visits {visits} along on phone {subject}.", by=by,
        noted={"visits": ", ".join(n for n, _ in mine) or "(none)"}, prepared_at=now(), good_until=now() + timedelta(hours=hours),
        visits=[str(i) for _, i in mine],
    )
    return row.id


@action
def revoke_phone(*, device_id: UUID, by: Actor, reason: str) -> UUID:
    """A lost phone gets nothing more and sends nothing; its packets wipe themselves when it next reaches the house."""
    row = lock(Phone, device_id)
    if row.nurse != by.id:
        by.must(ROSTER)
    if not reason.strip():
        raise Malformed(Fault("reason", "say why"))
    revise(row, "nursing.phone.revoke", "{actor} revoked phone {subject}.", by=by, reason=reason, revoked_at=now(),
           revoker_name=by.name, visits=[])
    return row.id


@action
def allow_phone(*, device_id: UUID, by: Actor, reason: str) -> UUID:
    """A revoked phone may send again: it was found, or only its unsent entries are wanted."""
    by.must(ROSTER)
    row = lock(Phone, device_id)
    if not reason.strip():
        raise Malformed(Fault("reason", "say why"))
    revise(row, "nursing.phone.allow", "{actor} allowed phone {subject} again.", by=by, reason=reason, revoked_at=None,
           revoker_name="")
    return row.id
