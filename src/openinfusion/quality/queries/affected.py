# SPDX-License-Identifier: Apache-2.0
"""What an incident touched: the lots that lay there, the preparations that were made there or with those lots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.inventory import public as inventory
from openinfusion.patients import public as patients
from openinfusion.platform.clock import now
from openinfusion.quality.models import Incident
from openinfusion.sites import public as sites

_KEPT_LIKE = {"refrigerator": "refrigerator", "freezer": "freezer", "room": "shelf"}


@dataclass(frozen=True, slots=True)
class AffectedLot:
    """A lot with the name of its product."""

    id: UUID
    number: str
    product_name: str
    expires_on: date
    state: str


@dataclass(frozen=True, slots=True)
class AffectedPreparation:
    """A preparation with the patient it was made for, and why it is listed."""

    made: compounding.MadeFact
    patient: str
    why: str


@dataclass(frozen=True, slots=True)
class Affected:
    """``said`` tells how the lists were found, and what could not be known."""

    lots: tuple[AffectedLot, ...]
    preparations: tuple[AffectedPreparation, ...]
    said: tuple[str, ...]


def affected_by(row: Incident) -> Affected:
    """The lots and preparations of an incident's place and time."""
    last = row.ended_at or now()
    said: list[str] = []
    lots = {x.id: x for x in inventory.lots([UUID(str(i)) for i in row.lot_ids]).values()} if row.lot_ids else {}
    if row.place_kind == "cold_store" and row.site_id and row.place_id:
        lots |= {x.id: x for x in _stored(row.site_id, row.place_id, row, said)}
    found: dict[UUID, tuple[compounding.MadeFact, str]] = {}
    if row.place_kind in ("room", "hood") and row.place_id:
        hoods = sites.hood_ids_at(row.place_kind, row.place_id)
        found |= {m.id: (m, f"made in {m.hood_name}") for m in compounding.made_in(hoods, row.began_at, last)}
        said.append("Preparations made in the hoods of the place from the beginning to the end.")
    if lots:
        found |= {m.id: (m, "made with one of these lots") for m in compounding.made_with(lots)}
        said.append("Preparations made with one of the lots, at any time: when, each line tells.")
    names = patients.patients(list({m.patient_id for m, _ in found.values()})) if found else {}
    made = sorted(found.values(), key=lambda x: x[0].made_at)
    return Affected(
        tuple(_lot(x) for x in lots.values()),
        tuple(AffectedPreparation(m, names[m.patient_id].name, why) for m, why in made),
        tuple(said) or ("Neither a place nor lots are named, so nothing can be listed.",),
    )


def _lot(lot: inventory.LotFact) -> AffectedLot:
    return AffectedLot(lot.id, lot.number, catalog.product(lot.product_id).name, lot.expires_on, lot.state)


def _stored(site_id: UUID, store_id: UUID, row: Incident, said: list[str]) -> list[inventory.LotFact]:
    """The lots in the location that has the cold store's name; where none has, in all that are kept alike, and says so."""
    store = next(s for s in sites.cold_stores(site_id) if s.id == store_id)
    all_places = inventory.locations(site_id)
    named = [x.id for x in all_places if x.name.casefold() == store.name.casefold()]
    alike = [x.id for x in all_places if x.kind == _KEPT_LIKE[store.kind.value]]
    if named:
        said.append(f"Lots that lay in {store.name} at any time from the beginning to the end, by the ledger.")
    elif alike:
        like = _KEPT_LIKE[store.kind.value]
        said.append(f"No location of the stock is named {store.name}: every lot in a {like} of the site is listed.")
    else:
        said.append(f"No location of the stock is named {store.name}, so its lots cannot be listed. Name one so.")
    return inventory.lots_present(named or alike, row.began_at, row.ended_at or now()) if named or alike else []
