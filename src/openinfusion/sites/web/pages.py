# SPDX-License-Identifier: Apache-2.0
"""The facility board: every room and hood of a site, fit or why not, who clears it, and what is due."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.urls import reverse

from openinfusion.kernel.refusal import Reason
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.ui.parts import Act, acts_of
from openinfusion.sites.domain.cleanroom import CLEANROOM, RoomState, reasons_against_room, room_is_open
from openinfusion.sites.domain.hood import HOOD, reasons_against
from openinfusion.sites.models import Cleanroom, Hood
from openinfusion.sites.permissions import CERTIFY, CLEAN, FURNISH, MEASURE
from openinfusion.sites.queries.due import Due, due_at, late_at
from openinfusion.sites.queries.facility import PharmacyFact, chairs_of, pharmacies, pharmacy_of
from openinfusion.sites.queries.fitness import Fitness, fitness_of, room_facts
from openinfusion.sites.queries.place import ColdStoreFact, cold_stores_of
from openinfusion.sites.web.forms import CleaningForm, ReportForm, RoomForm, SitePlaceForm

DUE_SHOWN = 12


@dataclass(frozen=True, slots=True)
class HoodRow:
    id: UUID
    name: str
    hazardous: bool
    state: str
    tone: str
    reasons: tuple[Reason, ...]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room as the board shows it; ``reasons`` stop work in it, ``failed_why`` lets dating fall back."""

    id: UUID
    name: str
    kind: str
    hazardous: bool
    state: str
    tone: str
    failed_why: str
    asked: str
    reasons: tuple[Reason, ...]
    hoods: tuple[HoodRow, ...]


@dataclass(frozen=True, slots=True)
class SitePage:
    site: PharmacyFact
    rooms: tuple[RoomRow, ...]
    cold_stores: tuple[ColdStoreFact, ...]
    chairs: tuple[tuple[UUID, str], ...]
    due: tuple[Due, ...]
    more_due: int
    fit: int
    hoods: int
    may_measure: bool
    may_clean: bool
    may_garb: bool
    room_form: RoomForm | None
    place_acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True)
class SitesPage:
    sites: tuple[tuple[PharmacyFact, int, int, int], ...]  # with hoods, those fit now, and how much is late


def sites_page() -> SitesPage:
    found = []
    for site in pharmacies():
        ids = Hood.objects.filter(site_id=site.id).exclude(state="retired").values_list("id", flat=True)
        facts = fitness_of(ids, now()).values()
        fit = sum(not reasons_against(f.hood, f.hood.hazardous) for f in facts)
        found.append((site, len(facts), fit, len(late_at(site)) if facts else 0))
    return SitesPage(tuple(found))


def site_page(site_id: UUID, by: Actor) -> SitePage:
    site = pharmacy_of(site_id)
    hoods = list(Hood.objects.filter(site_id=site_id).exclude(state="retired").order_by("name"))
    facts = fitness_of([h.id for h in hoods], now())
    rows = {h.id: hood_row(h, facts[h.id], by) for h in hoods}
    rooms = tuple(
        _room_row(r, tuple(rows[h.id] for h in hoods if h.room_id == r.id))
        for r in Cleanroom.objects.filter(site_id=site_id).exclude(state="retired").order_by("name")
    )
    horizon = [d for d in due_at(site) if d.on is None or (d.on - today(site.timezone)).days <= 30]
    return SitePage(
        site,
        rooms,
        tuple(cold_stores_of(site_id)),
        tuple(chairs_of(site_id)),
        tuple(horizon[:DUE_SHOWN]),
        max(len(horizon) - DUE_SHOWN, 0),
        sum(not reasons_against(f.hood, f.hood.hazardous) for f in facts.values()),
        len(rows),
        by.may(MEASURE.code),
        by.may(CLEAN.code),
        by.may("team.garb.attest"),
        RoomForm() if by.may(FURNISH.code) else None,
        _place_acts(site, by),
    )


def _place_acts(site: PharmacyFact, by: Actor) -> tuple[Act, ...]:
    if not by.may(FURNISH.code):
        return ()
    form = SitePlaceForm(initial={"point": site.point or ""}, auto_id="place_%s")
    label = "Change its place on the map" if site.point else "Put the site on the map"
    return (Act("place", label, reverse("sites:site_place", args=[site.id]), form=form),)


def _room_row(room: Cleanroom, hoods: tuple[HoodRow, ...]) -> RoomRow:
    facts = room_facts(room, now())
    reasons = reasons_against_room(facts) if facts.state is not RoomState.CLOSED else (room_is_open(facts),)
    return RoomRow(
        room.id,
        room.name,
        facts.kind.label + (f", ISO {facts.iso}" if facts.iso else ""),
        room.hazardous,
        room.state,
        CLEANROOM.tone(facts.state),
        room.failed_why if facts.state is RoomState.FAILED else "",
        room.sample_why if facts.state is RoomState.IN_USE else "",
        tuple(r for r in reasons if r),
        hoods,
    )


def hood_row(hood: Hood, fitness: Fitness, by: Actor) -> HoodRow:
    """A hood with its own reasons (its room's stand with the room) and what this person may do."""
    facts = fitness.hood
    room = {r.code for r in reasons_against_room(facts.room)}
    steps = acts_of(HOOD, hood.state, facts, by, url_for=lambda step: reverse("sites:hood_step", args=[hood.id, step]))
    own = tuple(r for r in reasons_against(facts, hood.hazardous) if r.code not in room)
    return HoodRow(hood.id, hood.name, hood.hazardous, hood.state, HOOD.tone(facts.state), own, (*_records(hood, by), *steps))


def _records(hood: Hood, by: Actor) -> list[Act]:
    def act(name: str, label: str, form: forms.Form) -> Act:
        return Act(f"{name}-{hood.id}", label, reverse(f"sites:hood_{name}", args=[hood.id]), form=form)

    found = []
    if by.may(CLEAN.code):
        found.append(act("clean", "Record cleaning", CleaningForm(auto_id=f"clean-{hood.id}-%s")))
    if by.may(CERTIFY.code):
        found.append(act("report", "Record certification", ReportForm(auto_id=f"report-{hood.id}-%s")))
    return found
