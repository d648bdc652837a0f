# SPDX-License-Identifier: Apache-2.0
"""Work that brings no money yet: what was done and not charged, what is held and why, days missed, days billed too many."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from openinfusion.billing.domain.claim import UNSENT, ClaimState
from openinfusion.billing.domain.day_ledger import Away
from openinfusion.billing.domain.scrub.finding import finding_of
from openinfusion.billing.models import Claim, ClaimLine, PerDiemDay, Stay
from openinfusion.delivery.public import handed_over
from openinfusion.kernel.local_day import day_of
from openinfusion.kernel.money import Money
from openinfusion.kernel.refusal import Refused
from openinfusion.nursing.public import signed_since
from openinfusion.patients.public import patients
from openinfusion.payers.public import ContractFact, contract_for
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_day_of, house_today, house_zone

LOOK_BACK = timedelta(days=120)
KINDS = ("not charged", "held", "rejected", "ready", "days missed", "billed too much")


@dataclass(frozen=True, slots=True)
class UnbilledRow:
    """One piece of work: what, since when, why it is not billed, whose turn it is, and where to go on."""

    kind: str
    what: str
    patient_id: UUID
    patient: str
    payer: str
    since: date
    days: int
    amount: Money
    why: str
    turn: str
    url: str
    ticket_id: UUID | None = None  # a delivery that may be charged from here


@dataclass(frozen=True, slots=True)
class _Found:
    kind: str
    what: str
    patient_id: UUID
    payer: str
    since: date
    amount: Money
    why: str
    turn: str
    url: str
    ticket_id: UUID | None = None


def unbilled(kind: str = "", text: str = "") -> tuple[UnbilledRow, ...]:
    """Everything of the last months, the oldest first; of one kind, or with a text in it."""
    found = [*_not_charged(), *_claims(), *_missed(), *_too_many()]
    who = patients(list({f.patient_id for f in found}))
    today, wanted = house_today(), text.strip().lower()
    rows = (
        UnbilledRow(
            f.kind,
            f.what,
            f.patient_id,
            who[f.patient_id].name if f.patient_id in who else "",
            f.payer,
            f.since,
            (today - f.since).days,
            f.amount,
            f.why,
            f.turn,
            f.url, f.ticket_id,
        )
        for f in sorted(found, key=lambda f: (f.since, f.what))
        if not kind or f.kind == kind
    )
    return tuple(r for r in rows if wanted in f"{r.what} {r.patient} {r.payer} {r.why}".lower())


def _not_charged() -> Iterator[_Found]:
    since = now() - LOOK_BACK
    tickets, visits = handed_over(since), signed_since(since)
    zones = _zones({t.patient_id for t in tickets} | {v.patient_id for v in visits})
    charged = set(
        ClaimLine.objects.filter(source_kind="ticket", source_id__in=[t.ticket_id for t in tickets]).values_list(
            "source_id", flat=True
        )
    )
    for t in tickets:
        if t.ticket_id not in charged:
            yield _Found(
                "not charged",
                f"delivery {t.number}",
                t.patient_id,
                "",
                day_of(t.delivered_at, zones[t.patient_id]),
                Money(0),
                "no line of any claim names it: nothing in it has a billing code, or its charges were not captured",
                "billing",
                f"/delivery/{t.ticket_id}/", t.ticket_id,
            )
    for v in visits:
        assert v.started_at is not None
        yield _Found(
            "not charged",
            f"visit {v.number}",
            v.patient_id,
            "",
            day_of(v.started_at, zones[v.patient_id]),
            Money(0),
            "its record is signed, and nothing of it was charged",
            "billing",
            f"/nursing/visits/{v.id}/",
        )


def _zones(patient_ids: set[UUID]) -> dict[UUID, str]:
    """Where each patient lives: the day of a delivery or a visit is that of the door."""
    return {id: p.timezone or house_zone() for id, p in patients(list(patient_ids)).items()}


def _claims() -> Iterator[_Found]:
    wanted = [*(s.value for s in UNSENT), ClaimState.REJECTED.value]
    for c in Claim.objects.filter(state__in=wanted).order_by("first_on"):
        hard = [f for f in map(finding_of, c.findings) if f.is_hard]
        kind = "rejected" if c.state == ClaimState.REJECTED.value else "ready" if c.state == ClaimState.READY.value else "held"
        why = "; ".join(dict.fromkeys(f.reason.text for f in hard)) or (
            "the clearing house or the payer turned it away" if kind == "rejected" else "it may be sent"
        )
        turn = next((f.clears for f in hard if f.clears), "") or "billing"
        yield _Found(
            kind,
            f"claim {c.control}",
            c.patient_id,
            c.payer_name,
            c.first_on or house_day_of(c.made_at),
            Money(c.charge_cents),
            why,
            turn,
            f"/billing/claims/{c.id}/",
        )


def _missed() -> Iterator[_Found]:
    """Days between two billed days of one course, which its contract pays and nobody billed."""
    first = house_today() - LOOK_BACK
    rows = PerDiemDay.objects.filter(day__gte=first).select_related("line__claim").order_by("therapy_id", "day")
    stays = _stays()
    before: PerDiemDay | None = None
    contracts: dict[tuple[UUID, date], ContractFact | None] = {}
    for row in rows:
        if before is not None and before.therapy_id == row.therapy_id and before.group == row.group:
            between = [before.day + timedelta(days=n) for n in range(1, (row.day - before.day).days)]
            open_ = [d for d in between if not any(s.holds(d) for s in stays.get(row.patient_id, ()))]
            if open_ and _counts_every_day(row.line.claim, before.day, contracts):
                span = f"{open_[0]:%d-%b-%Y}" + (f" to {open_[-1]:%d-%b-%Y}" if len(open_) > 1 else "")
                yield _Found(
                    "days missed",
                    f"{len(open_)} days of {row.code}, {span}",
                    row.patient_id,
                    row.line.claim.payer_name,
                    open_[0],
                    Money(row.rate_cents * len(open_)),
                    "the contract pays every day of access, and no delivery covered these; enter a stay where there was one",
                    "billing",
                    f"/billing/days/{row.patient_id}/",
                )
        before = row


def _counts_every_day(claim: Claim, day: date, known: dict[tuple[UUID, date], ContractFact | None]) -> bool:
    if claim.plan_id is None:
        return False
    key = (claim.plan_id, day)
    if key not in known:
        try:
            known[key] = contract_for(claim.plan_id, day)
        except Refused:
            known[key] = None
    contract = known[key]
    return contract is not None and contract.day_basis == "access"


def _stays() -> dict[UUID, list[Away]]:
    found: dict[UUID, list[Away]] = {}
    for s in Stay.objects.all():
        found.setdefault(s.patient_id, []).append(Away(s.kind, s.admitted_on, s.returned_on))
    return found


def _too_many() -> Iterator[_Found]:
    """Days that were sent to a payer and lie in a stay which its contract does not pay."""
    stays = _stays()
    if not stays:
        return
    rows = PerDiemDay.objects.filter(patient_id__in=list(stays)).exclude(line__claim__state__in=[s.value for s in UNSENT])
    days: dict[UUID, list[PerDiemDay]] = {}
    contracts: dict[tuple[UUID, date], ContractFact | None] = {}
    for row in rows.select_related("line__claim").order_by("day"):
        claim = row.line.claim
        if not any(s.holds(row.day) for s in stays[row.patient_id]) or claim.plan_id is None:
            continue
        _counts_every_day(claim, row.day, contracts)
        contract = contracts.get((claim.plan_id, row.day))
        if contract is not None and any(s.holds(row.day) and s.kind in contract.hold_on for s in stays[row.patient_id]):
            days.setdefault(claim.id, []).append(row)
    for claim_id, found in days.items():
        claim = found[0].line.claim
        yield _Found(
            "billed too much",
            f"claim {claim.control}, {len(found)} days from {found[0].day:%d-%b-%Y}",
            claim.patient_id,
            claim.payer_name,
            found[0].day,
            Money(sum(r.rate_cents for r in found)),
            "the patient was elsewhere on these days; correct the claim",
            "billing",
            f"/billing/claims/{claim_id}/",
        )
