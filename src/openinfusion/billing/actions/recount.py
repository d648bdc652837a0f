# SPDX-License-Identifier: Apache-2.0
"""Counting a claim again from what was delivered: days that a stay gave back, drug that was carried on and not thrown away.

The delivery itself is never touched. A claim that is here is changed; one that is out is taken back to be corrected first.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.billing.actions.charges import Charge, add_charges, check_and_move, total_up
from openinfusion.billing.actions.day_lines import Supplied, charge_days, drop_days, drop_line
from openinfusion.billing.actions.drug_lines import drug_charges, of_ticket, without_program
from openinfusion.billing.domain.claim import UNSENT
from openinfusion.billing.domain.day_ledger import held_days
from openinfusion.billing.models import Claim, ClaimLine, PerDiemDay
from openinfusion.billing.permissions import WORK
from openinfusion.billing.queries.claims import lines_of
from openinfusion.billing.queries.days import away
from openinfusion.billing.queries.delivered import contents_of
from openinfusion.billing.queries.terms import terms_of, terms_of_claim
from openinfusion.delivery.public import ticket as ticket_fact
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.patients.public import patient
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.journal import write
from openinfusion.therapy.public import therapy


@action
def recount(*, claim_id: UUID, by: Actor) -> UUID:
    """Count the drug and the days of a claim again from its deliveries, and check it."""
    by.must(WORK)
    claim = lock(Claim, claim_id)
    if claim.state not in UNSENT or claim.rank != "P":
        raise Refused(Reason("not-here", "only a first claim that is here is counted again", "take it back to correct it first"))
    changed = recount_drugs(claim, by) + recount_days(claim, by)
    check_and_move(claim, by)
    write(
        by,
        "billing.claim.recount",
        claim,
        "{actor} counted claim {subject} again from its deliveries: {changed} lines changed.",
        noted={"changed": changed},
    )
    return claim.id


def recount_days(claim: Claim, by: Actor) -> int:
    """Days held by a stay fall out, days that nobody has entered come in; how many lines that made or ended."""
    before = {(r.control, r.units) for r in lines_of(claim)}
    course = therapy(claim.therapy_id)
    terms = terms_of_claim(claim, course)
    rows = list(PerDiemDay.objects.select_related("line", "line__claim").filter(line__claim=claim).order_by("day"))
    hold_on = terms.contract.hold_on if terms.contract else ()
    held = held_days((r.day for r in rows), away(claim.patient_id), hold_on)
    drop_days([r for r in rows if r.day in held])
    for s in _supplied(claim):
        charge_days(claim, s, by)
    return len(before ^ {(r.control, r.units) for r in lines_of(claim)})


def _supplied(claim: Claim) -> list[Supplied]:
    """The deliveries whose charges stand on this claim."""
    course, who = therapy(claim.therapy_id), patient(claim.patient_id)
    zone = ZoneInfo(who.timezone)
    ids = ClaimLine.objects.filter(claim=claim, source_kind="ticket").order_by("source_id").values_list("source_id", flat=True)
    found = []
    for ticket_id in ids.distinct():
        ticket = ticket_fact(ticket_id)
        on = (ticket.delivered_at or ticket.since).astimezone(zone).date()
        found.append(Supplied(ticket, course, contents_of(ticket), terms_of(course, on), zone))
    return found


def recount_drugs(claim: Claim, by: Actor) -> int:
    """Units given and thrown away as the bench knows them now; a part carried to another preparation was not thrown away."""
    lines = [row for row in lines_of(claim) if row.kind == "drug"]
    changed = 0
    for s in _supplied(claim):
        on = (s.ticket.delivered_at or s.ticket.since).astimezone(s.zone).date()
        found = {c.source_key: c for c in drug_charges(of_ticket(s.ticket), s.inside.drugs, s.terms, on)}
        held, left = _matched(found, [row for row in lines if row.source_id == s.ticket.id])
        for key, charge in found.items():
            row = held.get(key)
            if row is None:
                changed += len(add_charges(claim, [charge], s.course, s.terms, by))
            elif _said(row) != (key, charge.units, charge.modifiers, charge.charge_cents, charge.under_program):
                _set(row, charge)
                changed += 1
        for row in left:
            drop_line(row)
            changed += 1
    if changed:
        total_up(claim, lines_of(claim), terms_of_claim(claim, therapy(claim.therapy_id)))
    return changed


def _matched(found: Iterable[str], rows: Iterable[ClaimLine]) -> tuple[dict[str, ClaimLine], list[ClaimLine]]:
    """By the key of a charge the line that holds it already, and the lines that hold none of them.

    A line is first sought by its key; then as the same part of the same drug, since lines of drug bought under 340B did not say
    so in their key at first; then as the same drug under another mark: JZ where nothing is thrown away any more.
    """
    left, held = list(rows), {}
    for same in (lambda key: key, without_program, _product):
        for key in found:
            if key not in held and (row := next((r for r in left if same(r.source_key) == same(key)), None)) is not None:
                held[key] = row
                left.remove(row)
    return held, left


def _product(source_key: str) -> str:
    """A drug line's source without the mark of waste and the program."""
    return without_program(source_key).rpartition(":")[0]


def _said(row: ClaimLine) -> tuple[str, int, tuple[str, ...], int, bool]:
    return row.source_key, row.units, tuple(row.modifiers), row.charge_cents, row.under_program


def _set(row: ClaimLine, c: Charge) -> None:
    row.units, row.modifiers, row.charge_cents, row.expected_cents = c.units, list(c.modifiers), c.charge_cents, c.expected_cents
    row.evidence, row.package_units, row.has_rate = c.evidence, c.package_units, c.has_rate
    row.source_key, row.under_program = c.source_key, c.under_program
    row.save(
        update_fields=[
            "units",
            "modifiers",
            "charge_cents",
            "expected_cents",
            "evidence",
            "package_units",
            "has_rate",
            "source_key",
            "under_program",
        ]
    )
