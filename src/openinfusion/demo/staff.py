# SPDX-License-Identifier: Apache-2.0
"""The demonstration's sites and people, opened and added through the actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from openinfusion.demo.cast import DOMAIN, said
from openinfusion.demo.shipping import hire_carriers, prove_pack_outs
from openinfusion.demo.stops import Stops
from openinfusion.kernel.roles import Role
from openinfusion.platform.actor import Actor
from openinfusion.platform.permissions import actor_with, system_actor
from openinfusion.sites import public as sites
from openinfusion.team import public as team

ZONE = ZoneInfo("America/Chicago")


@dataclass(frozen=True, slots=True)
class Crew:
    """One pharmacy of the house: its people by their keys, its hoods, and where its courses of the last days stop."""

    key: str
    site_id: UUID
    pharmacists: tuple[str, ...]
    technicians: tuple[str, ...]
    warehouse: tuple[str, ...]
    drivers: tuple[str, ...]
    nurses: tuple[str, ...]
    hoods: dict[str, UUID]
    stops: Stops


@dataclass(frozen=True, slots=True)
class House:
    """Who works here and where: actors by their key, sites by theirs, and who works for which."""

    actors: dict[str, Actor]
    sites: dict[str, UUID]
    crews: tuple[Crew, ...]
    emails: dict[str, str]
    password: str

    def by(self, key: str, *, signing: bool = False) -> Actor:
        """The person with this key; signing as the demonstration signs."""
        actor = self.actors[key]
        return actor.signing("demo") if signing else actor


def open_house(organization_id: UUID, at: datetime, until: datetime, domain: str = DOMAIN) -> House:
    """Open both sites and add everybody, with competencies that hold (but for the new hire)."""
    text, by = said(), system_actor(organization_id)
    places = {
        s.pop("key"): sites.open_site(name=s.pop("name"), kind=s.pop("kind"), timezone=s.pop("timezone"), details=s, by=by)
        for s in text["site"]
    }
    _equip(places, by)
    _license(places, by, at)
    actors, emails = {}, {}
    hashed = make_password(text["password"])  # once for all: hashing is slow on purpose, and here it protects nothing
    for p in text["person"]:
        key, roles = p["key"], frozenset(Role(r) for r in p["roles"])
        emails[key], site = f"{key}@{domain}", places[p.get("site", "north")]
        user_id = team.add_person(
            email=emails[key],
            name=p["name"],
            roles=roles,
            password_hash=hashed,
            title=p.get("title", ""),
            home_site_id=site,
            by=by,
        )
        actors[key] = actor_with(id=user_id, name=p["name"], organization_id=organization_id, roles=roles, site_id=site)
        _train(key, user_id, roles, by, at)
    for place in places.values():
        last = until.astimezone(ZONE).date() + timedelta(days=300)
        prove_pack_outs(place, at.astimezone(ZONE).date(), last, actors["pharmacist"], actors["pharmacist2"])
        hire_carriers(place, actors["warehouse"])
    crews = tuple(
        Crew(
            key=key,
            site_id=places[key],
            hoods=_hoods(crew.pop("hoods"), places[key], by, at),
            stops=Stops.share(until, number, len(text["crew"])),
            **{role: tuple(keys) for role, keys in crew.items()},
        )
        for number, (key, crew) in enumerate(text["crew"].items())
    )
    return House(actors, places, crews, emails, text["password"])


def _hoods(wanted: list[dict[str, Any]], site_id: UUID, by: Actor, at: datetime) -> dict[str, UUID]:
    hoods = {}
    for hood in wanted:
        key = hood["key"]
        hoods[key] = sites.add_hood(
            site_id=site_id, name=hood["name"], room_name=hood["room"], hazardous=hood["hazardous"], by=by
        )
        until = at + (timedelta(days=110) if key == "second" else timedelta(days=240))
        sites.certify_hood(hood_id=hoods[key], certified_until=until, room_failed=False, by=by)
    return hoods


def _equip(places: dict[str, UUID], by: Actor) -> None:
    for place in places.values():
        sites.add_cold_store(site_id=place, name="Refrigerator 1", kind=sites.ColdStoreKind.REFRIGERATOR, by=by)
    sites.add_cold_store(site_id=places["north"], name="Freezer 1", kind=sites.ColdStoreKind.FREEZER, by=by)
    for n in range(1, 7):
        sites.add_chair(site_id=places["south"], name=f"Chair {n}", by=by)


def _license(places: dict[str, UUID], by: Actor, at: datetime) -> None:
    """Both sites may ship in their own state; the first one into two others, of which one runs out soon."""
    kinds = sites.LicenceKind
    for key, place in places.items():
        for kind, days in ((kinds.PHARMACY, 420), (kinds.STERILE, 300), (kinds.DEA, 700), (kinds.ACCREDITATION, 130)):
            until = at.astimezone(ZONE).date() + timedelta(days=days)
            number = f"DEMO-{kind.value[:3].upper()}-{key.upper()}"
            sites.record_site_licence(site_id=place, kind=kind, state="IL", number=number, expires_on=until, by=by)
    for state, days in (("IN", 110), ("MO", 380)):
        until = at.astimezone(ZONE).date() + timedelta(days=days)
        sites.record_site_licence(
            site_id=places["north"], kind=kinds.NONRESIDENT, state=state, number=f"DEMO-{state}", expires_on=until, by=by
        )


def _train(key: str, user_id: UUID, roles: frozenset[Role], by: Actor, at: datetime) -> None:
    on = at.astimezone(ZONE).date()
    wanted = {
        Role.TECHNICIAN: ("garbing", "garbing", "garbing", "media_fill", "core_training", "hazardous"),
        Role.PHARMACIST: ("garbing", "garbing", "garbing", "media_fill", "core_training", "hazardous"),
        Role.NURSE: () if key == "nurse4" else ("infusion_skills", "chemotherapy", "inotrope", "enteral"),
        Role.WAREHOUSE: ("pack_out",),
    }
    for role in roles & wanted.keys():
        for element in wanted[role]:
            trial = team.Trial(0, 0) if element == "garbing" else None
            team.record_competency(user_id=user_id, element=element, on=on, passed=True, trial=trial, by=by)
    kind = {Role.TECHNICIAN: "technician", Role.PHARMACIST: "pharmacist", Role.NURSE: "nurse"}
    for role in roles & kind.keys():
        team.record_credential(
            user_id=user_id,
            kind=kind[role],
            state="IL",
            number=f"DEMO-{key.upper()}",
            expires_on=on + timedelta(days=500),
            by=by,
        )
