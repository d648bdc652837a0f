# SPDX-License-Identifier: Apache-2.0
"""Probes: adding one, giving it a token and taking it, and the readings it sends.

A probe's account holds no role. Its token is kept as a digest, opens the address for readings only, and reaches only the
place where the probe hangs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import ApiToken, Site, User
from openinfusion.sites.actions.keep_readings import Kept, Place, Taken, keep, news_of
from openinfusion.sites.domain.reading import Given, Measured, TakenBy, faults_in
from openinfusion.sites.models import Cleanroom, ColdStore, Probe
from openinfusion.sites.permissions import FURNISH

MOST_AT_ONCE = 1000


@action
def add_probe(*, site_id: UUID, name: str, by: Actor, room_id: UUID | None = None, cold_store_id: UUID | None = None) -> UUID:
    """Add a probe in a room or a cold store of a site. It can send once it has a token."""
    by.must(FURNISH)
    site, name = lock(Site, site_id), name.strip()
    if (room_id is None) == (cold_store_id is None):
        raise Malformed(Fault("Place", "a probe hangs in one room or one cold store"))
    place: Place = lock(Cleanroom, room_id) if room_id else lock(ColdStore, cold_store_id or new_id())
    if place.site_id != site_id:
        raise Refused(Reason("other-site", f"{place} is at another site"))
    if not name or Probe.objects.filter(site_id=site_id, name=name).exists():
        raise Malformed(Fault("Name", f"give it a name that no probe at {site} has"))
    id = new_id()
    user = User.objects.create_user(
        f"probe-{id.hex}@probe.invalid", None, name=f"Probe {name}", kind="system", organization_id=by.organization_id
    )
    probe = Probe.objects.create(
        id=id, site=site, name=name, user_id=user.id, room_id=room_id, cold_store_id=cold_store_id
    )
    write(by, "sites.probe.add", probe, "{actor} hung the probe {subject} in {place}.", noted={"place": place.name})
    return probe.id


@action
def give_token(*, probe_id: UUID, sha256: str, hint: str, by: Actor) -> UUID:
    """Give a probe a new token, of which only the digest is kept; the one before is void from now on."""
    by.must(FURNISH)
    probe = lock(Probe, probe_id)
    ApiToken.objects.filter(user_id=probe.user_id).delete()
    ApiToken.objects.create(organization_id=by.organization_id, user_id=probe.user_id, label=f"probe {probe.name}", sha256=sha256)
    sentence = "{actor} gave the probe {subject} a new token."
    revise(probe, "sites.probe.give_token", sentence, by=by, token_made_at=now(), token_hint=hint)
    return probe.id


@action
def take_token(*, probe_id: UUID, by: Actor) -> UUID:
    """Take a probe's token: from now on it is refused."""
    by.must(FURNISH)
    probe = lock(Probe, probe_id)
    ApiToken.objects.filter(user_id=probe.user_id).delete()
    sentence = "{actor} took the token of the probe {subject}."
    revise(probe, "sites.probe.take_token", sentence, by=by, token_made_at=None, token_hint="")
    return probe.id


@action
def take_readings(*, readings: Sequence[Given], by: Actor) -> dict[str, int]:
    """What a probe sends about its own place: how many were new, how many were there before, how many are out of range."""
    probe = Probe.objects.filter(user_id=by.id).first()
    if probe is None:
        raise Refused(Reason("not-permitted", "this address is for probes"))
    if not 0 < len(readings) <= MOST_AT_ONCE:
        raise Malformed(Fault("readings", f"send 1 to {MOST_AT_ONCE} readings at once"))
    place: Place = lock(Cleanroom, probe.room_id) if probe.room_id else lock(ColdStore, probe.cold_store_id or new_id())
    faults = [f for n, g in enumerate(readings) for f in _faults(place, g, f"readings.{n}")]
    if faults:
        raise Malformed(*faults[:50])
    done: Kept = keep([Taken(place, replace(g, place=str(place.id))) for g in readings], TakenBy.PROBE, by)
    probe.last_seen_at = now()
    probe.save(update_fields=["last_seen_at"])
    result = f", {done.out} out of range" if done.out else ""
    write(
        by,
        "sites.probe.send",
        probe,
        "{actor} sent {count} readings of {place}{result}.",
        noted={"count": done.count, "place": place.name, "result": result},
        news=news_of(done),
    )
    return {"accepted": done.count, "repeated": len(readings) - done.count, "out_of_range": done.out}


def _faults(place: Place, given: Given, path: str) -> list[Fault]:
    if isinstance(place, ColdStore) and given.measured is not Measured.TEMPERATURE:
        return [Fault(path, "a cold store is read for temperature only")]
    return faults_in(given, now(), path)
