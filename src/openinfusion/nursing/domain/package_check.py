# SPDX-License-Identifier: Apache-2.0
"""A package that was not compounded, in the nurse's hand: what its code says, and whether it is what this patient was brought."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.kernel.refusal import Reason

_STOP = "do not give it; call the pharmacy"


@dataclass(frozen=True, slots=True)
class Brought:
    """What was delivered of one lot. ``ours``: to this patient for this therapy; ``state``: of the lot, as it stands now;

    ``left_range``: in words, that it left its temperature range on the way and no pharmacist found it usable.
    """

    ours: bool
    this_patient: bool
    expires_on: date
    state: str
    packages: Decimal
    left_range: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """A package as its code was read. ``given``: how many of its lot were scanned for this therapy already.

    ``scanned``: where this very package, by its serial number, is on record already; empty where it is not, or has no serial.
    """

    name: str
    lot: str
    expires_on: date
    is_ordered: bool
    ordered: str
    brought: tuple[Brought, ...]
    given: int = 0
    serial: str = ""
    scanned: str = ""


def against_package(p: Package, on: date) -> Iterator[Reason]:
    """Every reason not to give it on a day of the pharmacy's calendar."""
    if not p.is_ordered:
        yield Reason("wrong-product", f"{p.name} is not the drug of this order ({p.ordered})", _STOP)
    ours = [b for b in p.brought if b.ours]
    if not ours:
        yield _not_brought(p)
    for said in dict.fromkeys(b.left_range for b in ours if b.left_range):
        yield Reason("left-range", f"lot {p.lot} of {p.name} {said}", _STOP)
    for state in dict.fromkeys(b.state for b in p.brought if b.state != "available"):
        yield Reason(state, f"lot {p.lot} of {p.name} is {state}", _STOP)
    if any(b.expires_on != p.expires_on for b in p.brought):
        held = next(b.expires_on for b in p.brought if b.expires_on != p.expires_on)
        text = f"the package says {p.expires_on:%d-%b-%Y}, our record of lot {p.lot} {held:%d-%b-%Y}"
        yield Reason("expiry-differs", text, _STOP)
    if p.expires_on < on:
        yield Reason("expired", f"{p.name}, lot {p.lot}, expired on {p.expires_on:%d-%b-%Y}", _STOP)
    if p.scanned:
        yield Reason("scanned-already", f"this very package of {p.name} (serial {p.serial}) was scanned already, {p.scanned}",
                     "it is on record once; scan the next package")
    elif ours and p.given >= sum(b.packages for b in ours):
        yield Reason("used-up", f"every package of lot {p.lot} that was delivered is on record as given already",
                     "count what is left, and call the pharmacy")


def _not_brought(p: Package) -> Reason:
    what = f"lot {p.lot} of {p.name}"
    if any(b.this_patient for b in p.brought):
        return Reason("other-therapy", f"{what} was delivered for another therapy of this patient", "take the right one")
    if p.brought:
        return Reason("other-patient", f"{what} was delivered to another patient, not to this one", _STOP)
    return Reason("not-delivered", f"{what} was never handed to this patient", "call the pharmacy")
