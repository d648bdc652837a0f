# SPDX-License-Identifier: Apache-2.0
"""A pharmacy claim (B1), its reversal (B2), and the payer's answer, as values; compounds with every ingredient."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from openinfusion.exchange.domain.ncpdp.layout import layout_of
from openinfusion.exchange.domain.ncpdp.message import Message, Segment, header_for
from openinfusion.exchange.domain.ncpdp.overpunch import read_amount, write_amount, write_quantity
from openinfusion.kernel.refusal import Fault, Malformed

HOME_INFUSION = "3"  # 147-U7 pharmacy service type
COMPOUND = "2"  # 406-D6


@dataclass(frozen=True, slots=True)
class Ingredient:
    """One part of a compound: its NDC, quantity and cost."""

    ndc: str
    quantity: Decimal
    cost: Decimal
    cost_basis: str = "01"


@dataclass(frozen=True, slots=True)
class PharmacyClaim:
    """One prescription billed. Amounts in dollars, quantity in the drug's own unit (EA, GM, ML)."""

    bin: str
    processor: str
    npi: str
    served_on: date
    cardholder_id: str
    family: str
    given: str
    born_on: date
    sex: str  # 1 male, 2 female, 0 not said
    rx_number: str
    ndc: str
    quantity: Decimal
    days: int
    written_on: date
    prescriber_npi: str
    ingredient_cost: Decimal
    dispensing_fee: Decimal
    usual_charge: Decimal
    gross_due: Decimal
    group_id: str = ""
    fill: int = 0
    unit: str = "EA"
    residence: str = "1"
    authorization: str = ""
    submission_codes: tuple[str, ...] = ()
    diagnosis: str = ""
    ingredients: tuple[Ingredient, ...] = ()
    form: str = "11"  # 450-EF of a compound
    route: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True)
class PharmacyAnswer:
    """The answer to one claim. ``status``: P paid, C captured, R rejected, D paid before, Q captured before, A reversal approved.

    ``rx_number`` is the prescription as we sent it: a response has no other thread back to our claim.
    """

    status: str
    authorization: str
    paid: Decimal | None
    patient_pays: Decimal | None
    ingredient_paid: Decimal | None
    fee_paid: Decimal | None
    rejects: tuple[str, ...]
    messages: tuple[str, ...]
    rx_number: str = ""


def rx_reference(number: str) -> str:
    """A prescription's number as NCPDP carries it (402-D2): twelve digits. Letters of ours fold into digits; digits stay."""
    if number.isascii() and number.isdecimal() and len(number) <= 12:
        return number.zfill(12)
    value = 0
    for char in number:
        value = (value * 36 + int(char, 36)) % 10**12 if char.isascii() and char.isalnum() else value
    return f"{value:012d}"


def billing(claim: PharmacyClaim) -> Message:
    """The B1 of one claim; Malformed names what it lacks."""
    if not claim.ingredients and not (claim.ndc.isdecimal() and len(claim.ndc) == 11):
        raise Malformed(Fault("407-D7", "the NDC has 11 digits"))
    group = [_prescription(claim), _prescriber(claim), *_compound(claim), _pricing(claim)]
    if claim.diagnosis:
        group.append(_segment("13", ("VE", "1"), ("WE", "02"), ("DO", claim.diagnosis.replace(".", ""))))
    return Message(False, _header(claim, "B1"), (_insurance(claim), _patient(claim)), (tuple(group),))


def reversal(claim: PharmacyClaim) -> Message:
    """The B2 that takes a billed claim back, when a batch was not delivered."""
    qualifier, number = ("00", "0") if claim.ingredients else ("03", claim.ndc)
    rx = _segment("07", ("EM", "1"), ("D2", claim.rx_number), ("E1", qualifier), ("D7", number), ("D3", f"{claim.fill:02d}"))
    return Message(False, _header(claim, "B2"), (), ((rx,),))


def answers(message: Message) -> tuple[PharmacyAnswer, ...]:
    """What the payer says about each claim of a response."""
    return tuple(_answer(group) for group in message.groups)


def _header(c: PharmacyClaim, code: str) -> tuple[tuple[str, str], ...]:
    layout = layout_of("D0")
    return header_for(
        layout, False, a1=c.bin, a2=layout.version, a3=code, a4=c.processor, a9="1", b2="01", b1=c.npi, d1=_day(c.served_on),
        ak=c.software,
    )


def _segment(id: str, *fields: tuple[str, str]) -> Segment:
    return Segment((("AM", id), *((name, value) for name, value in fields if value)))


def _day(on: date) -> str:
    return f"{on:%Y%m%d}"


def _insurance(c: PharmacyClaim) -> Segment:
    return _segment("04", ("C2", c.cardholder_id), ("C1", c.group_id), ("C6", "1"))


def _patient(c: PharmacyClaim) -> Segment:
    return _segment(
        "01", ("C4", _day(c.born_on)), ("C5", c.sex), ("CA", c.given.upper()), ("CB", c.family.upper()), ("C7", "12"),
        ("4X", c.residence),
    )


def _prescription(c: PharmacyClaim) -> Segment:
    compound = bool(c.ingredients)
    codes = [("DK", code) for code in c.submission_codes[:3]]
    return _segment(
        "07", ("EM", "1"), ("D2", c.rx_number), ("E1", "00" if compound else "03"), ("D7", "0" if compound else c.ndc),
        ("E7", write_quantity(c.quantity)), ("D3", f"{c.fill:02d}"), ("D5", f"{c.days:03d}"),
        ("D6", COMPOUND if compound else "1"), ("D8", "0"), ("DE", _day(c.written_on)), ("DJ", "1"),
        ("NX", str(len(codes)) if codes else ""), *codes, ("28", c.unit),
        ("EU", "1" if c.authorization else ""), ("EV", c.authorization), ("E2", c.route), ("U7", HOME_INFUSION),
    )


def _prescriber(c: PharmacyClaim) -> Segment:
    return _segment("03", ("EZ", "01"), ("DB", c.prescriber_npi))


def _compound(c: PharmacyClaim) -> tuple[Segment, ...]:
    if not c.ingredients:
        return ()
    unit = {"EA": "1", "GM": "2", "ML": "3"}.get(c.unit, "1")
    rows = [field for i in c.ingredients for field in (
        ("RE", "03"), ("TE", i.ndc), ("ED", write_quantity(i.quantity)), ("EE", write_amount(i.cost)), ("UE", i.cost_basis))]
    return (_segment("10", ("EF", c.form), ("EG", unit), ("EC", f"{len(c.ingredients):02d}"), *rows),)


def _pricing(c: PharmacyClaim) -> Segment:
    return _segment(
        "11", ("D9", write_amount(c.ingredient_cost)), ("DC", write_amount(c.dispensing_fee)),
        ("DQ", write_amount(c.usual_charge)), ("DU", write_amount(c.gross_due)), ("DN", "01"),
    )


def _answer(group: tuple[Segment, ...]) -> PharmacyAnswer:
    fields = [field for segment in group for field in segment.fields]

    def amount(name: str) -> Decimal | None:
        found = next((value for field, value in fields if field == name), "")
        return read_amount(found, name) if found.strip() else None

    def every(name: str) -> tuple[str, ...]:
        return tuple(value.strip() for field, value in fields if field == name)

    return PharmacyAnswer(
        (every("AN") or ("",))[0], (every("F3") or ("",))[0], amount("F9"), amount("F5"), amount("F6"), amount("F7"),
        every("FB"), every("FQ"), (every("D2") or ("",))[0],
    )
