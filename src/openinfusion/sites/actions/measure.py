# SPDX-License-Identifier: Apache-2.0
"""Readings by hand, from a file and from probes: judged, kept, and the excursions that begin and end with them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.platform.models import Site
from openinfusion.sites.actions.keep_readings import Kept, Place, Taken, keep, news_of
from openinfusion.sites.domain.cold_store import ColdStoreKind, band
from openinfusion.sites.domain.reading import Given, Measured, TakenBy, faults_in
from openinfusion.sites.domain.reading_file import read_file
from openinfusion.sites.models import Cleanroom, ColdStore
from openinfusion.sites.permissions import MEASURE
from openinfusion.sites.queries.facility import zone_of


@action
def record_temperature(*, cold_store_id: UUID, celsius: Decimal, by: Actor, action_taken: str = "") -> UUID:
    """Record a reading; one out of range is refused without what was done about it."""
    by.must(MEASURE)
    store = lock(ColdStore, cold_store_id)
    kept_in = band(ColdStoreKind(store.kind))
    if not kept_in.holds(celsius) and not action_taken.strip():
        raise Refused(
            Reason(
                "excursion-unexplained",
                f"{celsius} °C is outside {kept_in.low} to {kept_in.high} °C: say what was done about it",
            )
        )
    given = Given(store.name, Measured.TEMPERATURE, celsius, now(), action_taken.strip())
    _believable([given])
    done = keep([Taken(store, given)], TakenBy.HAND, by)
    write(
        by,
        "sites.reading.record",
        store,
        "{actor} read {celsius} °C at {subject}{result}.",
        noted={"celsius": celsius, "result": "" if kept_in.holds(celsius) else ", out of range"},
        reason=action_taken,
        news=news_of(done),
    )
    return done.last_id


@action
def record_round(*, site_id: UUID, readings: Sequence[Given], by: Actor) -> UUID:
    """Record a round of readings through a site, read now or a little ago. ``place`` is the id of a room or cold store.

    Every reading that is out of range must say what was done; else nothing is saved.
    """
    by.must(MEASURE)
    site = lock(Site, site_id)
    taken = _placed(readings, _places(site_id, by_name=False))
    _explained(taken)
    _tell(site, keep(taken, TakenBy.HAND, by), "{actor} read {count} values{result}.", by)
    return site.id


@action
def import_readings(*, site_id: UUID, data: bytes, by: Actor) -> int:
    """Take readings from a CSV file: all of it, or nothing with every fault by its line. How many were new.

    A reading of a place and instant that is on record already is passed over, so that a file may be sent twice.
    """
    by.must(MEASURE)
    site = lock(Site, site_id)
    given = read_file(data, now(), zone_of(site_id))
    taken = _placed(given, _places(site_id, by_name=True))
    _explained(taken)
    done = keep(taken, TakenBy.FILE, by)
    _tell(site, done, "{actor} imported {count} readings{result}.", by)
    return done.count


def _places(site_id: UUID, *, by_name: bool) -> dict[str, Place]:
    """Rooms and cold stores of a site by name or id, locked, so that excursions begin and end one after another."""
    places: list[Place] = [*Cleanroom.objects.select_for_update().filter(site_id=site_id).order_by("id")]
    places += ColdStore.objects.select_for_update().filter(site_id=site_id).order_by("id")
    return {(p.name if by_name else str(p.id)): p for p in places}


def _placed(readings: Sequence[Given], places: dict[str, Place]) -> list[Taken]:
    """Readings with the places they are of. Malformed names what is unknown, impossible or not measured there."""
    taken, faults = [], []
    for number, given in enumerate(readings, 1):
        path, place = f"reading {number}", places.get(given.place)
        if place is None:
            faults.append(Fault(path, f"there is no room or cold store “{given.place}” at this site"))
        elif isinstance(place, ColdStore) and given.measured is not Measured.TEMPERATURE:
            faults.append(Fault(path, f"{place.name} is read for temperature only"))
        else:
            faults += faults_in(given, now(), path)
            taken.append(Taken(place, given))
    if not readings:
        faults.append(Fault("readings", "there is no reading"))
    if faults:
        raise Malformed(*faults[:50])
    return taken


def _believable(given: Sequence[Given]) -> None:
    if faults := [f for g in given for f in faults_in(g, now(), g.place)]:
        raise Malformed(*faults)


def _explained(taken: Sequence[Taken]) -> None:
    """What a person hands in and is out of range says what was done about it."""
    silent = [t for t in taken if not t.in_range and not t.given.action_taken.strip()]
    if silent:
        raise Refused(
            *(
                Reason(
                    "excursion-unexplained",
                    f"{t.place.name}: {t.given.value} {t.given.measured.unit} is outside {t.range}: say what was done about it",
                )
                for t in silent[:20]
            )
        )


def _tell(site: Site, done: Kept, sentence: str, by: Actor) -> None:
    result = f", {done.out} out of range" if done.out else ""
    write(by, "sites.site.read", site, sentence, noted={"count": done.count, "result": result}, news=news_of(done))
