# SPDX-License-Identifier: Apache-2.0
"""Recording cleanings: one hood, or a round through hoods and rooms."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site
from openinfusion.platform.rows import rows_by
from openinfusion.sites.domain.cleaning import CleaningKind
from openinfusion.sites.models import Cleaning, Cleanroom, Hood
from openinfusion.sites.permissions import CLEAN


@action
def clean_hood(*, hood_id: UUID, agent: str, by: Actor) -> UUID:
    """Record that the hood was cleaned now."""
    by.must(CLEAN)
    hood = lock(Hood, hood_id)
    Cleaning.objects.create(hood=hood, at=now(), agent=agent, cleaned_by=by.id, cleaner_name=by.name)
    revise(hood, "sites.hood.clean", "{actor} cleaned {subject} with {agent}.", by=by, noted={"agent": agent}, cleaned_at=now())
    return hood.id


@action
def record_cleaning(
    *,
    site_id: UUID,
    agent: str,
    by: Actor,
    kind: CleaningKind = CleaningKind.DAILY,
    hood_ids: Sequence[UUID] = (),
    room_ids: Sequence[UUID] = (),
) -> UUID:
    """Record a round of cleaning, done now. A sporicidal one counts as the day's cleaning too."""
    by.must(CLEAN)
    site, at = lock(Site, site_id), now()
    if not agent.strip():
        raise Malformed(Fault("Agent", "name what it was cleaned with"))
    hoods = [h for h in rows_by(Hood, "id", list(hood_ids), order=("id",), locked=True) if h.site_id == site_id]
    rooms = [r for r in rows_by(Cleanroom, "id", list(room_ids), order=("id",), locked=True) if r.site_id == site_id]
    if not (hoods or rooms) or len(hoods) != len(set(hood_ids)) or len(rooms) != len(set(room_ids)):
        raise Malformed(Fault("Places", "choose the hoods and rooms of this site that were cleaned"))
    said = {"kind": kind.value, "at": at, "agent": agent.strip(), "cleaned_by": by.id, "cleaner_name": by.name}
    Cleaning.objects.bulk_create(
        [*(Cleaning(hood=h, **said) for h in hoods), *(Cleaning(room=r, **said) for r in rooms)]
    )
    for hood in hoods:
        _mark(hood, cleaned_at=at)
    for room in rooms:
        sporicidal = {"sporicidal_at": at} if kind is CleaningKind.SPORICIDAL else {}
        _mark(room, cleaned_at=at, **sporicidal)
    write(
        by,
        "sites.site.clean",
        site,
        "{actor} recorded the {kind} cleaning of {what} with {agent}.",
        noted={"kind": kind.value, "what": ", ".join(str(p) for p in (*rooms, *hoods)), "agent": agent.strip()},
    )
    return site.id


def _mark(place: Hood | Cleanroom, **changes: object) -> None:
    for field, value in changes.items():
        setattr(place, field, value)
    place.version += 1
    place.save(update_fields=["version", *changes])
