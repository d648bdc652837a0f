# SPDX-License-Identifier: Apache-2.0
"""A claim on paper: the boxes of the CMS-1500 (02/12) by number, six lines a page, each page with its own sum.

The red form and its artwork belong to others; here are only the data, by box, for a drawn form of our own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openinfusion.exchange.domain.x12.claim import ClaimOut, LineOut, ProviderOut
from openinfusion.kernel.refusal import Fault, Malformed

LINES_A_PAGE = 6
LETTERS = "ABCDEFGHIJKL"
_KIND = {"MB": "Medicare", "MC": "Medicaid", "CH": "TRICARE", "16": "Medicare", "VA": "CHAMPVA", "WC": "FECA"}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """Box 24: the shaded part above, and the service below."""

    shaded: str
    first: str
    last: str
    place: str
    code: str
    modifiers: tuple[str, ...]
    pointer: str
    charge: str
    units: str
    npi: str


@dataclass(frozen=True, slots=True)
class PaperPage:
    """One sheet: the boxes by number, its lines, and the sum of this sheet."""

    boxes: dict[str, str]
    lines: tuple[PaperLine, ...]
    total: str
    number: int
    of: int


def paper_pages(c: ClaimOut) -> tuple[PaperPage, ...]:
    """The sheets of a professional claim; Malformed where it cannot go on this form."""
    if c.institutional is not None:
        raise Malformed(Fault("form", "an institutional claim goes on a UB-04, not on a CMS-1500"))
    if not c.lines:
        raise Malformed(Fault("lines", "there is nothing to bill on this claim"))
    portions = [c.lines[at : at + LINES_A_PAGE] for at in range(0, len(c.lines), LINES_A_PAGE)]
    return tuple(
        PaperPage(_boxes(c, n == len(portions)), tuple(_line(x, c) for x in mine), _money(_sum(mine)), n, len(portions))
        for n, mine in enumerate(portions, 1)
    )


def _sum(lines: Sequence[LineOut]) -> Decimal:
    return sum((x.charge for x in lines), Decimal(0))


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _boxes(c: ClaimOut, is_last: bool) -> dict[str, str]:
    who, home = c.patient, c.patient.address
    other = c.others[0] if c.others else None
    found = {
        "1": _KIND.get(c.payer.filing, "Group health plan or other"),
        "1a": c.member_id,
        "2": f"{who.family}, {who.given}",
        "3": f"{who.born_on:%m %d %Y} {who.sex}",
        "4": f"{who.family}, {who.given}" if c.subscriber is None else f"{c.subscriber.family}, {c.subscriber.given}",
        "5": f"{home.line}, {home.city} {home.state} {home.postal_code}",
        "6": "Self" if c.subscriber is None else "Other",
        "9": f"{other.family}, {other.given}" if other else "",
        "9a": other.member_id if other else "",
        "9d": other.payer.name if other else "",
        "10": "No",
        "11": c.group_number or "NONE",
        "11c": c.payer.name,
        "11d": "Yes" if other else "No",
        "12": "SIGNATURE ON FILE",
        "13": "SIGNATURE ON FILE",
        "17": f"DN {c.referring.given} {c.referring.name}" if c.referring else "",
        "17b": c.referring.npi if c.referring else "",
        "19": c.note,
        "21": "  ".join(f"{LETTERS[n]} {code}" for n, code in enumerate(c.diagnoses)),
        "21 ind": "0",
        "22": f"{c.frequency} {c.payer_control}".strip() if c.frequency != "1" else "",
        "23": c.authorization,
        "25": f"{c.billing.tax_id} EIN",
        "26": c.patient_control,
        "27": "Yes",
        "28": _money(c.charge) if is_last else "CONTINUED",
        "29": _money(other.paid) if other and other.paid is not None else "",
        "31": "SIGNATURE ON FILE",
        "33": _provider(c.billing),
        "33a": c.billing.npi,
        "33b": f"ZZ{c.billing.taxonomy}",
    }
    if c.facility is not None:
        found |= {"32": _provider(c.facility), "32a": c.facility.npi}
    return found


def _provider(who: ProviderOut) -> str:
    where = f", {who.address.line}, {who.address.city} {who.address.state} {who.address.postal_code}" if who.address else ""
    return f"{who.name}{where}"


def _line(x: LineOut, c: ClaimOut) -> PaperLine:
    shaded = f"N4{x.ndc} {x.ndc_unit}{x.ndc_quantity.normalize():f}" if x.ndc else x.description
    return PaperLine(
        shaded,
        f"{x.first_on:%m %d %y}",
        f"{x.last_on:%m %d %y}",
        x.place_of_service or c.place_of_service,
        x.code,
        x.modifiers,
        "".join(LETTERS[p - 1] for p in x.pointers),
        _money(x.charge),
        f"{x.units.normalize():f}",
        c.billing.npi,
    )
