# SPDX-License-Identifier: Apache-2.0
"""A package from the suite's own shelf, in the nurse's hand: what it is given as, and whether it may be given at all."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from openinfusion.kernel.quantity import Quantity, shown_number
from openinfusion.kernel.refusal import Reason

_STOP = "do not give it; call the pharmacy"


class GivenAs(StrEnum):
    """``drug``: of the visit's order; ``diluent``: what the order's formula mixes it with; ``beside``: another order's drug."""

    DRUG = "drug"
    DILUENT = "diluent"
    BESIDE = "beside"


class Became(StrEnum):
    """What became of a package that was scanned and not given."""

    SHELF = "shelf"
    WASTE = "waste"

    @property
    def words(self) -> str:
        return "closed, back on the shelf" if self is Became.SHELF else "thrown away"


@dataclass(frozen=True, slots=True)
class OnShelf:
    """What lies of one lot on the suite's shelves. ``whose``: the owner in words where this patient may not have it.

    ``held_for``: the therapy's own work orders that hold some of it.
    """

    expires_on: date
    state: str
    free: Decimal
    whose: str = ""
    held_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShelfScan:
    """A package as its code was read, and all that decides whether it may be given.

    ``given_as`` is None where no order and no formula asks for it; ``wanted`` says in words what they ask for. ``dose`` and
    ``given``: of the order it would be given by, what it says and what is on this visit's record already; None of a diluent.
    """

    name: str
    lot: str
    expires_on: date
    holds: Quantity
    single_dose: bool
    controlled: bool
    given_as: GivenAs | None
    wanted: str
    shelf: tuple[OnShelf, ...]
    against_order: tuple[Reason, ...] = ()
    dose: Quantity | None = None
    given: Quantity | None = None
    thrown_away: Decimal = Decimal(0)
    serial: str = ""
    scanned: str = ""


def against_shelf(s: ShelfScan, on: date) -> Iterator[Reason]:
    """Every reason not to give it on a day of the suite's calendar."""
    if s.given_as is None:
        yield Reason("wrong-product", f"{s.name} is not asked for: {s.wanted}", _STOP)
    yield from s.against_order
    yield from _against_lot(s, on)
    if s.scanned:
        yield Reason("scanned-already", f"this very package of {s.name} (serial {s.serial}) was scanned already, {s.scanned}",
                     "it is on record once; scan the next package")
    if not s.single_dose:
        yield Reason("multiple-dose", f"{s.name} holds several doses and is opened for several patients",
                     "it is on no one patient's record by its code; call the pharmacy")
    yield from _against_waste(s)
    yield from _against_amount(s)


def _against_lot(s: ShelfScan, on: date) -> Iterator[Reason]:
    what = f"lot {s.lot} of {s.name}"
    if not s.shelf:
        yield Reason("not-on-shelf", f"no {what} lies on the shelves of this suite",
                     "call the pharmacy: it is received or counted")
    for state in dict.fromkeys(x.state for x in s.shelf if x.state != "available"):
        yield Reason(state, f"{what} is {state}", _STOP)
    if held := next((x.expires_on for x in s.shelf if x.expires_on != s.expires_on), None):
        text = f"the package says {s.expires_on:%d-%b-%Y}, our record of lot {s.lot} {held:%d-%b-%Y}"
        yield Reason("expiry-differs", text, _STOP)
    if s.expires_on < on:
        yield Reason("expired", f"{s.name}, lot {s.lot}, expired on {s.expires_on:%d-%b-%Y}", _STOP)
    usable = [x for x in s.shelf if x.state == "available"]
    ours = [x for x in usable if not x.whose]
    if usable and not ours:
        yield Reason("ownership-differs",
                     f"{what} is {usable[0].whose} stock", "take a lot of the house's own; else call the pharmacy")
    elif ours and not any(x.free >= 1 for x in ours):
        orders = tuple(dict.fromkeys(n for x in ours for n in x.held_for))
        said = f"work order {', '.join(orders)} of this therapy" if orders else "something else"
        clears = "the pharmacist cancels that order where the suite gives from its own shelf" if orders else "take another lot"
        yield Reason("held", f"every package of {what} here is held for {said}", clears)


def _against_waste(s: ShelfScan) -> Iterator[Reason]:
    if s.thrown_away >= s.holds.amount:
        thrown = f"{shown_number(s.thrown_away)} {s.holds.unit}"
        yield Reason("nothing-given", f"{thrown} thrown away of {s.holds}: nothing of it was given",
                     "write how much was thrown away of this one package, in the unit on its label")
    if s.thrown_away and s.controlled:
        yield Reason("witness", f"{s.name} is a controlled substance: what is thrown away needs a witness",
                     "have the pharmacy enter it in the vault")


def _against_amount(s: ShelfScan) -> Iterator[Reason]:
    """More than the order says, or what cannot be held against it."""
    if s.dose is None or s.thrown_away >= s.holds.amount:
        return
    if s.dose.unit.dimension is not s.holds.unit.dimension:
        yield Reason("not-comparable", f"the order says {s.dose}, the package {s.holds}: whether it is the dose cannot be told",
                     "call the pharmacist")
        return
    before = (s.given or s.dose * 0).to(s.holds.unit).amount
    after, dose = before + s.holds.amount - s.thrown_away, s.dose.to(s.holds.unit).amount
    if after > dose:
        unit = s.holds.unit
        total, says = f"{shown_number(after)} {unit}", f"{shown_number(dose)} {unit}"
        yield Reason("more-than-ordered", f"with this package {total} would be on record as given, and the order says {says}",
                     "write what is thrown away of this package; else do not give it, and call the pharmacist")


def most_packages(dose: Quantity, holds: Quantity, given: Quantity | None = None) -> int | None:
    """How many more packages of this size an order's dose can take, the last one opened in part; None where units do not meet."""
    if dose.unit.dimension is not holds.unit.dimension:
        return None
    left = dose.to(holds.unit).amount - (given.to(holds.unit).amount if given is not None else Decimal(0))
    return max(0, int((left / holds.amount).to_integral_value(ROUND_CEILING)))
