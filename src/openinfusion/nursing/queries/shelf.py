# SPDX-License-Identifier: Apache-2.0
"""A package from the shelf of the suite itself: by which order it is given, what speaks against it, what is on record."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.compounding import public as compounding
from openinfusion.inventory import public as inventory
from openinfusion.kernel.quantity import Quantity, unit
from openinfusion.kernel.refusal import Malformed, NotFound, Reason, Refused
from openinfusion.nursing.domain.shelf_check import GivenAs, OnShelf, ShelfScan, against_shelf, most_packages
from openinfusion.nursing.models import NurseVisit, SectionEntry, ShelfPackage
from openinfusion.nursing.queries.order import against_order, order_of
from openinfusion.nursing.queries.package import delivered_left, package_reasons, read_package, where_scanned
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.therapy.public import PrescriptionFact, open_orders_of, prescriptions_of

SECTION = "shelf"
_OWN = "OI1*"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a product is asked for at a visit: by which order, and as what."""

    order: PrescriptionFact
    given_as: GivenAs


@dataclass(frozen=True, slots=True)
class Judged:
    """What speaks against a scanned package; where nothing does and it is the suite's own, what is to leave the shelf.

    ``source``: shelf or delivered; empty where it could not be told.
    """

    reasons: tuple[Reason, ...]
    source: str = ""
    product: catalog.ProductFact | None = None
    asked: Asked | None = None
    lot: str = ""
    thrown_away: Decimal = Decimal(0)


def judge(v: NurseVisit, section: str, values: Mapping[str, Any], at: datetime) -> Judged:
    """A package's code at a visit in a suite: from its shelf or from a delivery, and every reason not to give it."""
    code, said = code_of(values), "shelf" if section == SECTION else str(values.get("drug_from", ""))
    if section == SECTION and code.strip().upper().startswith(_OWN):
        return Judged((Reason("a-preparation", "this is the label of a preparation", "scan it as the drug"),))
    try:
        read, product = read_package(code)
    except Refused as no:
        return Judged(no.reasons)
    lot = read.lot.upper()
    if said != "shelf" and section == "drug":
        left, here = delivered_left(v, product, lot), _free(inventory.shelf_lots(v.site_id, [product.id], lot))
        if said != "delivered" and left and here:
            return Judged((Reason("whose-package", f"packages of lot {lot} of {product.name} were delivered for this patient, "
                                  "and some lie on the suite's shelf", "say which one this is"),))
        if said == "delivered" or left:
            return Judged(tuple(package_reasons(v, code, at)), "delivered")
        if not here and (against := _of_another(package_reasons(v, code, at))):
            return Judged(against)
    on, thrown = at.astimezone(zone_at(v.site_id)).date(), Decimal(str(values.get(_THROWN[section]) or 0))
    asked, wanted = asked_for(v, section, product, on)
    shelf = inventory.shelf_lots(v.site_id, [product.id], lot)
    scan = _scan(v, product, asked, wanted, shelf, on, read, thrown)
    return Judged(tuple(against_shelf(scan, on)), "shelf", product, asked, lot, thrown)


_THROWN = {"drug": "thrown_away", SECTION: "shelf_thrown_away"}


def code_of(values: Mapping[str, Any]) -> str:
    return str(values.get("code") or values.get("shelf_code") or "")


def _of_another(reasons: list[Reason]) -> tuple[Reason, ...]:
    """What a delivery says against it, where one brought that lot to somebody; nothing where none ever did."""
    return () if any(r.code == "not-delivered" for r in reasons) else tuple(reasons)


def _free(lots: list[inventory.ShelfLot]) -> bool:
    return any(x.free >= 1 and x.state == "available" for x in lots)


def _scan(
    v: NurseVisit, product: catalog.ProductFact, asked: Asked | None, wanted: str, shelf: list[inventory.ShelfLot], on: date,
    read: inventory.Scan, thrown: Decimal,
) -> ShelfScan:
    assert read.expires_on is not None
    held = {x for one in shelf for x in one.held_for}
    orders = _own_orders(v.therapy_id, held) if held else {}
    counted = asked is not None and asked.given_as is not GivenAs.DILUENT
    return ShelfScan(
        product.name, read.lot.upper(), read.expires_on, product.strength, product.single_dose,
        catalog.controlled(product.drug_code) is not None if product.drug_code else False,
        asked.given_as if asked else None, wanted,
        tuple(OnShelf(x.expires_on, x.state, x.free, "" if x.may_be_for(v.patient_id) else _whose(x),
                      tuple(orders[i] for i in x.held_for if i in orders)) for x in shelf),
        tuple(against_order(asked.order, on)) if asked else (),
        asked.order.order.dose if counted and asked else None, given_by(v, asked.order) if counted and asked else None,
        thrown, read.serial, where_scanned(v, read),
    )


def _whose(x: inventory.ShelfLot) -> str:
    return "another patient's" if x.pool.patient_id else x.pool.ownership.words


def _own_orders(therapy_id: UUID, purposes: set[UUID]) -> dict[UUID, str]:
    """The work orders of a therapy among these purposes, by their numbers."""
    made = [w for p in prescriptions_of(therapy_id) for w in compounding.work_orders_of(p.id)]
    return {w.id: w.number for w in made if w.id in purposes}


def asked_for(
    v: NurseVisit, section: str, product: catalog.ProductFact, on: date,
) -> tuple[Asked | None, str]:
    """By which order a product is given at a visit, and in words what is asked for.

    As the drug: the order's own. Beside it: what the order's formula mixes the drug with, or the drug of another order of
    this patient, which must be verified as any.
    """
    order = order_of(v.therapy_id, v.prescription_id)
    if order is None:
        return None, "no order of this therapy is on file"
    if section == "drug":
        fits = product.kind == "drug" and product.drug_code == order.order.drug_code
        return (Asked(order, GivenAs.DRUG) if fits else None), f"the order says {order.drug_name}"
    if product.ndc11 in diluents_of(order, on):
        return Asked(order, GivenAs.DILUENT), ""
    for other in other_orders(v, order):
        if product.drug_code and product.kind == "drug" and other.order.drug_code == product.drug_code:
            return Asked(other, GivenAs.BESIDE), ""
    return None, "it is neither what the order's formula mixes the drug with, nor the drug of another order of this patient"


def other_orders(v: NurseVisit, order: PrescriptionFact) -> list[PrescriptionFact]:
    """The patient's other orders that run, one a drug: premedication, hydration."""
    return [o for o in open_orders_of(v.patient_id) if o.order.drug_code != order.order.drug_code and o.id != order.id]


def diluents_of(order: PrescriptionFact, on: date) -> frozenset[str]:
    """What the formula of the order's drug mixes it with, and what its powder is dissolved with; nothing where it says none."""
    try:
        formula = catalog.formula(order.order.drug_code, order.order.route, on)
    except (NotFound, Refused):
        return frozenset()
    with_it = frozenset({formula.diluent.ndc11} if formula.diluent else ())
    is_powder = any(p.reconstitute_ml for p in catalog.products_of(order.order.drug_code, kind="drug"))
    return with_it | (compounding.solvent_ndcs(order.order.drug_code) if is_powder else frozenset())


def given_by(v: NurseVisit, order: PrescriptionFact) -> Quantity:
    """What of an order is on a visit's record as given already, from the shelf, from a delivery or as a preparation."""
    dose, found = order.order.dose, Quantity(Decimal(0), order.order.dose.unit)
    rows = {r.entry_id: r for r in ShelfPackage.objects.filter(visit=v, became="")}
    kinds = catalog.products([r.product_id for r in rows.values()])
    amounts = [
        Quantity(kinds[r.product_id].strength.amount - r.thrown_away_amount, unit(r.unit)) for r in rows.values()
        if r.order_id == order.id and r.given_as != GivenAs.DILUENT.value
    ]
    main = order_of(v.therapy_id, v.prescription_id)
    if main is not None and main.id == order.id:
        entries = [e for e in SectionEntry.objects.filter(visit=v, section="drug", stands=True) if e.id not in rows]
        amounts += [dose] * any(code_of(e.values).strip().upper().startswith(_OWN) for e in entries)
        held = [(_held_in(code_of(e.values)), e.values.get(_THROWN["drug"])) for e in entries]
        amounts += [_given_of(q, thrown) for q, thrown in held if q is not None]
    amounts += _given_in_spite(v, order, set(rows))
    for q in amounts:
        if q.unit.dimension is dose.unit.dimension:
            found = found + q.to(dose.unit)
    return found


def more_than_ordered(v: NurseVisit, code: str) -> tuple[Reason, ...]:
    """Why a preparation or a delivered package is not given as well where drug of the suite's own shelf is on record already."""
    order = order_of(v.therapy_id, v.prescription_id)
    stands = ShelfPackage.objects.filter(visit=v, given_as=GivenAs.DRUG.value, became="")
    if order is None or not stands.filter(order_id=order.id).exists():
        return ()
    dose, given = order.order.dose, given_by(v, order)
    more = dose if code.strip().upper().startswith(_OWN) else _held_in(code)
    if more is None or more.unit.dimension is not dose.unit.dimension or given + more.to(dose.unit) <= dose:
        return ()
    return (Reason("more-than-ordered", f"with this {given + more.to(dose.unit)} would be on record as given, and the order says "
                   f"{dose}: {given} of it from the suite's shelf", "do not give it; call the pharmacist"),)


def _given_in_spite(v: NurseVisit, order: PrescriptionFact, on_shelf: set[UUID]) -> list[Quantity]:
    """Of an order's drug beside the infusion, packages that were given against a stop: no stock moved, and given they were."""
    found = []
    for e in SectionEntry.objects.filter(visit=v, section=SECTION, stands=True).exclude(pk__in=on_shelf):
        try:
            product = read_package(code_of(e.values))[1]
        except Refused:
            continue
        if product.kind == "drug" and product.drug_code == order.order.drug_code:
            found.append(_given_of(product.strength, e.values.get(_THROWN[SECTION])))
    return found


def _given_of(held: Quantity, thrown: Any) -> Quantity:
    """What of a package was given, without what was thrown away of it."""
    return Quantity(max(held.amount - Decimal(str(thrown or 0)), Decimal(0)), held.unit)


def _held_in(code: str) -> Quantity | None:
    try:
        return read_package(code)[1].strength
    except Refused:
        return None


@dataclass(frozen=True, slots=True)
class PackageOnShelf:
    """Packages of one lot on the suite's shelf, as a phone takes them along. ``most``: how many more the dose takes; None where
    nothing limits them. ``scanned``: how many of the product, and ``of_lot`` of the lot, stand on this visit's record already,
    so that a phone knows which scans came after.
    """

    section: str
    gtin: str
    lot: str
    name: str
    holds: str
    expires_on: str
    left: int
    most: int | None
    scanned: int
    of_lot: int
    against: tuple[str, ...]
    serials: tuple[str, ...]

    @property
    def until(self) -> date:
        return date.fromisoformat(self.expires_on)


def shelf_at(v: NurseVisit, at: datetime) -> list[PackageOnShelf]:
    """What lies on the suite's shelves of what this visit asks for, lot by lot, with what speaks against each."""
    order, on = order_of(v.therapy_id, v.prescription_id), at.astimezone(zone_at(v.site_id)).date()
    if not v.in_suite or order is None:
        return []
    mixed = diluents_of(order, on)
    wanted = [("drug", p) for p in catalog.products_of(order.order.drug_code, kind="drug")]
    wanted += [(SECTION, p) for p in catalog.products_of(kind="diluent") if p.ndc11 in mixed]
    wanted += [(SECTION, p) for o in other_orders(v, order) for p in catalog.products_of(o.order.drug_code, kind="drug")]
    kinds = {p.id: (section, p) for section, p in wanted}
    lots: dict[tuple[UUID, str], list[inventory.ShelfLot]] = {}
    for x in inventory.shelf_lots(v.site_id, kinds):
        lots.setdefault((x.product_id, x.number), []).append(x)
    return [_carried(v, *kinds[product_id], number, shelf, on) for (product_id, number), shelf in lots.items()]


def _on_record(v: NurseVisit, section: str, gtin: str) -> list[str]:
    """The lots of a product's packages that stand on this section of the record."""
    rows = SectionEntry.objects.filter(visit=v, section=section, stands=True).values_list("values", flat=True)
    found = []
    for values in rows:
        try:
            read = inventory.read_scan(code_of(values))
        except Malformed:
            continue
        if read.gtin == gtin:
            found.append(read.lot.upper())
    return found


_AGAIN = frozenset({"expired", "held", "more-than-ordered"})  # what the phone judges by itself, scan by scan


def _carried(
    v: NurseVisit, section: str, p: catalog.ProductFact, number: str, shelf: list[inventory.ShelfLot], on: date,
) -> PackageOnShelf:
    asked, wanted = asked_for(v, section, p, on)
    read = inventory.Scan(gtin=p.gtin, lot=number, expires_on=shelf[0].expires_on)
    scan = _scan(v, p, asked, wanted, shelf, on, read, Decimal(0))
    against = tuple(str(r) for r in against_shelf(scan, on) if r.code not in _AGAIN)
    ours = [x for x in shelf if x.state == "available" and x.may_be_for(v.patient_id)]
    most = most_packages(scan.dose, p.strength, scan.given) if scan.dose is not None else None
    seen = _on_record(v, section, p.gtin)
    keys = SectionEntry.objects.filter(package__startswith=f"{p.gtin} ", stands=True).values_list("package", flat=True)
    return PackageOnShelf(section, p.gtin, number, p.name, str(p.strength), scan.expires_on.isoformat(),
                          int(sum((x.free for x in ours), Decimal(0))), most, len(seen), seen.count(number), against,
                          tuple(sorted(k.partition(" ")[2] for k in keys)))


@dataclass(frozen=True, slots=True)
class GivenPackage:
    """One package of the suite's own stock that was given at a visit, as other rooms see it."""

    id: UUID
    visit_id: UUID
    visit_number: str
    patient_id: UUID
    product_id: UUID
    lot_id: UUID
    order_id: UUID
    given_as: GivenAs
    thrown_away: Quantity
    at: datetime
    state: str


def given_packages(*, visit_id: UUID | None = None, ids: set[UUID] | None = None) -> list[GivenPackage]:
    """Packages from the shelf that were given: of a visit, or by their ids; those that were not given in the end left out."""
    rows = ShelfPackage.objects.select_related("visit").filter(became="")
    rows = rows.filter(visit_id=visit_id) if visit_id is not None else rows.filter(pk__in=ids or ())
    return [
        GivenPackage(r.id, r.visit_id, r.visit.number, r.patient_id, r.product_id, r.lot_id, r.order_id, GivenAs(r.given_as),
                     Quantity(r.thrown_away_amount, unit(r.unit)), r.made_at, r.visit.state)
        for r in rows.order_by("made_at", "id")
    ]
