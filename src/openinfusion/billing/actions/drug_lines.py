# SPDX-License-Identifier: Apache-2.0
"""The lines of drug on a claim, whether a delivery brought it or a suite gave it from its own shelf."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.billing.actions.charges import Charge
from openinfusion.billing.domain.drug_units import ROUNDING_POLICY, DrugUse, UnitsLine, ndc_quantity, unit_lines
from openinfusion.billing.queries.delivered import DrugUsed
from openinfusion.billing.queries.terms import Price, Terms, Wanted, priced
from openinfusion.delivery.public import TicketFact
from openinfusion.payers.public import SUITE

_PROGRAM = ":340b"  # ends the key of a charge for drug that was bought under that program


@dataclass(frozen=True, slots=True)
class Whence:
    """What brought the drug: a ticket or a visit, and the place of service where that says it."""

    kind: str
    id: UUID
    place: str = ""


def of_ticket(ticket: TicketFact) -> Whence:
    return Whence("ticket", ticket.id, SUITE if ticket.given_in_suite else "")


def of_visit(visit_id: UUID) -> Whence:
    """Drug that a suite gave from its own shelf: it was given there."""
    return Whence("visit", visit_id, SUITE)


def drug_charges(whence: Whence, drugs: Iterable[DrugUsed], terms: Terms, on: date) -> list[Charge]:
    """One line per drug product and order, and one more for what was discarded."""
    parts = [(d, part) for d in drugs if d.product.hcpcs for part in _parts(d, terms)]
    asked = [Wanted(d.product.hcpcs, part.units, d.product.cost * d.packages, d.product.ndc11) for d, part in parts]
    return [
        _drug_charge(whence, d, part, price, terms, on) for (d, part), price in zip(parts, priced(terms, asked, on), strict=True)
    ]


def _parts(d: DrugUsed, terms: Terms) -> tuple[UnitsLine, ...]:
    if d.product.hcpcs_unit is None:
        return ()
    marks_waste = d.single_dose and (terms.contract is None or terms.contract.jw_jz)
    return unit_lines(DrugUse(d.given, d.discarded, d.product.hcpcs_unit, marks_waste))


def _drug_charge(whence: Whence, d: DrugUsed, part: UnitsLine, price: Price, terms: Terms, on: date) -> Charge:
    package = ndc_quantity(d.packages, d.product.volume_ml, d.product.form == "powder")
    assert d.product.hcpcs_unit is not None
    key = f"{whence.kind}:{whence.id}:{d.order.id}:{d.product.ndc11}:{part.modifier}" + (_PROGRAM if d.under_program else "")
    return Charge(
        "drug", whence.kind, whence.id, key, d.product.hcpcs,
        terms.marks("drug", part.modifier, under_program=d.under_program), part.units, on, on,
        price.charge_cents, price.expected_cents, price.has_rate,
        f"{d.given} given, {d.discarded} discarded, from {d.packages} packages; unit {d.product.hcpcs_unit}, "
        f"rounding {ROUNDING_POLICY}",
        d.product.name, d.product.ndc11, package.amount, package.unit, d.order.number, d.order.order.ordered_on,
        d.single_dose, _held_units(d), whence.place, d.under_program,
    )


def without_program(source_key: str) -> str:
    """The key of a drug's charge as it was before drug bought under 340B said so in it."""
    return source_key.removesuffix(_PROGRAM)


def _held_units(d: DrugUsed) -> Decimal | None:
    """Billing units that the packages hold, carried ones with them; None where strength and unit differ in kind."""
    unit = d.product.hcpcs_unit
    if unit is None or d.product.strength.unit.dimension is not unit.unit.dimension:
        return None
    whole = d.product.strength / unit * d.packages
    used = (d.given + d.discarded) / unit
    return max(whole, used).quantize(Decimal("0.000001"))
