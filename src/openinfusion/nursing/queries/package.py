# SPDX-License-Identifier: Apache-2.0
"""A package that was not compounded, by the GS1 code on it, against what was delivered for the therapy of a visit."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.delivery import public as delivery
from openinfusion.inventory import public as inventory
from openinfusion.kernel.refusal import Malformed, NotFound, Reason, Refused
from openinfusion.nursing.domain.package_check import Brought, Package, against_package
from openinfusion.nursing.models import NurseVisit, SectionEntry
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.therapy.public import prescription, therapy


def read_package(code: str) -> tuple[inventory.Scan, catalog.ProductFact]:
    """What a package's code says, with its product, lot and expiry; Refused where it does not say all of them."""
    try:
        read = inventory.read_scan(code)
    except Malformed as no:
        why = "; ".join(f.text for f in no.faults)
        raise Refused(Reason("unknown-label", f"“{code}” is no label of this pharmacy, and no package's code: {why}",
                             "scan again, or call the pharmacy")) from None
    if not (read.gtin and read.lot and read.expires_on):
        raise Refused(Reason("no-lot", "this code names no product with its lot and expiry", "scan the 2D code on the package"))
    try:
        return read, catalog.product_by_gtin(read.gtin)
    except NotFound:
        raise Refused(Reason("unknown-product", f"{read.gtin} is no product of this pharmacy",
                             "do not give it; call the pharmacy")) from None


def package_reasons(v: NurseVisit, code: str, at: datetime) -> list[Reason]:
    """Every reason not to give what this package's code names to the patient of this visit."""
    try:
        read, product = read_package(code)
    except Refused as no:
        return list(no.reasons)
    assert read.expires_on is not None
    drug, name = _ordered(v)
    lot = read.lot.upper()
    brought = tuple(
        Brought(h.therapy_id == v.therapy_id and h.patient_id == v.patient_id, h.patient_id == v.patient_id, h.expires_on,
                h.state, h.packages, h.left_range) for h in delivery.packages_handed([product.id], lot=lot)
    )
    scans = _scanned(v.therapy_id)
    package = Package(product.name, lot, read.expires_on, product.drug_code == drug, name, brought,
                      _count(scans, product.gtin, lot), read.serial, _where(v, read, scans))
    return list(against_package(package, at.astimezone(zone_at(v.site_id)).date()))


def told_by(code: str) -> dict[str, str]:
    """What a package's code says of it, for the record: drug, lot and expiry; nothing where it cannot be read."""
    try:
        read = inventory.read_scan(code)
    except Malformed:
        return {}
    try:
        name = catalog.product_by_gtin(read.gtin).name if read.gtin else ""
    except NotFound:
        name = ""
    until = f"{read.expires_on:%d-%b-%Y}" if read.expires_on else ""
    return {k: x for k, x in {"drug_name": name, "lot": read.lot.upper(), "until": until}.items() if x}


def _ordered(v: NurseVisit) -> tuple[str, str]:
    """The drug of the visit's order, else of its therapy: code and name."""
    if v.prescription_id:
        order = prescription(v.prescription_id).order
        return order.drug_code, catalog.drug(order.drug_code).name
    course = therapy(v.therapy_id)
    return course.drug_code, course.drug_name


@dataclass(frozen=True, slots=True)
class Scanned:
    """A package on the record of a visit, as its code was read."""

    gtin: str
    lot: str
    serial: str
    visit_id: UUID
    number: str
    from_shelf: bool = False


def _scanned(therapy_id: UUID) -> list[Scanned]:
    """The packages on the records of a therapy."""
    found: list[Scanned] = []
    rows = SectionEntry.objects.filter(visit__therapy_id=therapy_id, section="drug", stands=True)
    for values, visit_id, number in rows.values_list("values", "visit_id", "visit__number"):
        if read := _package(str(values.get("code", ""))):
            from_shelf = values.get("drug_from") == "shelf"
            found.append(Scanned(read.gtin, read.lot.upper(), read.serial, visit_id, number, from_shelf))
    return found


def _package(code: str) -> inventory.Scan | None:
    try:
        return inventory.read_scan(code)
    except Malformed:
        return None


def _count(scans: Iterable[Scanned], gtin: str, lot: str) -> int:
    """How many packages of a lot that were delivered are on record; a suite's own are counted by its ledger."""
    return sum(1 for s in scans if (s.gtin, s.lot) == (gtin, lot) and not s.from_shelf)


def delivered_left(v: NurseVisit, product: catalog.ProductFact, lot: str) -> bool:
    """Whether a delivery brought packages of this lot for the visit's therapy that are not on record as given."""
    brought = sum((h.packages for h in delivery.packages_handed([product.id], lot=lot)
                   if h.therapy_id == v.therapy_id and h.patient_id == v.patient_id), Decimal(0))
    return brought > _count(_scanned(v.therapy_id), product.gtin, lot)


def where_scanned(v: NurseVisit, read: inventory.Scan) -> str:
    """Where this very package is on record already; empty where it is not, or has no serial number."""
    return _where(v, read, _scanned(v.therapy_id))


def _where(v: NurseVisit, read: inventory.Scan, scans: Iterable[Scanned]) -> str:
    """Where this very package is on record already, on a visit of this therapy or of any other; empty where it is not."""
    if not read.serial:
        return ""
    found = next(((s.visit_id, s.number) for s in scans if (s.gtin, s.serial) == (read.gtin, read.serial)), None)
    found = found or SectionEntry.objects.filter(package=_key(read), stands=True).values_list("visit_id", "visit__number").first()
    if found is None:
        return ""
    return "at this visit" if found[0] == v.id else f"at visit {found[1]}"


def _key(read: inventory.Scan) -> str:
    return f"{read.gtin} {read.serial}" if read.gtin and read.serial else ""


def package_key(code: str) -> str:
    """The product and serial number of a package, for the record that holds it once; empty where it has none, or is held."""
    key = _key(read) if (read := _package(code)) else ""
    return "" if not key or SectionEntry.objects.filter(package=key, stands=True).exists() else key


def package_turn(code: str) -> str:
    """What whoever scans packages of one lot waits for, so that each is counted before the next; empty of anything else."""
    read = _package(code)
    return f"package {read.gtin} {read.lot.upper()}" if read and read.gtin and read.lot else ""


@dataclass(frozen=True, slots=True)
class PackageAtHome:
    """Packages of one lot that were delivered for a visit's therapy, as a phone takes them along."""

    gtin: str
    lot: str
    name: str
    expires_on: str
    left: int
    against: tuple[str, ...]
    serials: tuple[str, ...]  # of those of this product that are on record already


def packages_at(v: NurseVisit, at: datetime) -> list[PackageAtHome]:
    """What was delivered for this therapy that is its drug and was not compounded, lot by lot, with what speaks against each."""
    drug, name = _ordered(v)
    products = {p.id: p for p in catalog.products_of(drug)}
    scans, on = _scanned(v.therapy_id), at.astimezone(zone_at(v.site_id)).date()
    brought: dict[tuple[UUID, str], list[Brought]] = {}
    for h in delivery.packages_handed(products, therapy_id=v.therapy_id):
        if h.patient_id == v.patient_id:
            one = Brought(True, True, h.expires_on, h.state, h.packages, h.left_range)
            brought.setdefault((h.product_id, h.lot), []).append(one)
    found = []
    for (product_id, lot), them in brought.items():
        p = products[product_id]
        count = _count(scans, p.gtin, lot)
        package = Package(p.name, lot, them[0].expires_on, True, name, tuple(them), count)
        against = tuple(str(r) for r in against_package(package, on) if r.code not in {"expired", "used-up"})
        left = int(sum((b.packages for b in them), Decimal(0))) - count
        found.append(PackageAtHome(p.gtin, lot, p.name, them[0].expires_on.isoformat(), max(0, left), against,
                                   tuple(sorted({s.serial for s in scans if s.gtin == p.gtin and s.serial}))))
    return found
