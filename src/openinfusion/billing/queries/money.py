# SPDX-License-Identifier: Apache-2.0
"""What the ledger says: balances by account, by claim and by therapy, ageing, and the trial balance."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Sum

from openinfusion.billing.domain.claim import UNANSWERED
from openinfusion.billing.domain.ledger import Account, Kind
from openinfusion.billing.models import Claim, Cost, LedgerTransfer


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Debits less credits of every account; ``difference`` is zero as long as the ledger is sound."""

    accounts: dict[str, int]
    difference: int
    transfers: int


def trial_balance() -> TrialBalance:
    """The balance of every account from the transfers themselves."""
    accounts = dict.fromkeys((a.value for a in Account), 0)
    count = 0
    for row in LedgerTransfer.objects.values("debit", "credit").annotate(cents=Sum("cents")):
        accounts[row["debit"]] += row["cents"]
        accounts[row["credit"]] -= row["cents"]
        count += 1
    return TrialBalance(accounts, sum(accounts.values()), LedgerTransfer.objects.count() if count else 0)


@dataclass(frozen=True, slots=True)
class ClaimBalance:
    """What the ledger says of one claim."""

    charged_cents: int = 0
    paid_cents: int = 0
    contractual_cents: int = 0
    patient_cents: int = 0
    open_cents: int = 0


def balance_of(claim_id: UUID) -> ClaimBalance:
    """One claim's balance, from its transfers."""
    return balances_of([claim_id])[claim_id]


def balances_of(claim_ids: Iterable[UUID]) -> dict[UUID, ClaimBalance]:
    """Many claims' balances in one query."""
    ids = list(claim_ids)
    sums = sums_of(ids)
    return {i: balance_from(sums.get(i, {})) for i in ids}


def sums_of(claim_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Debits less credits of each account that a claim has touched, for many claims in one query."""
    sums: dict[UUID, dict[str, int]] = {}
    rows = LedgerTransfer.objects.filter(claim_id__in=list(claim_ids)).order_by()
    for row in rows.values("claim_id", "debit", "credit").annotate(cents=Sum("cents")):
        one = sums.setdefault(row["claim_id"], {})
        one[row["debit"]] = one.get(row["debit"], 0) + row["cents"]
        one[row["credit"]] = one.get(row["credit"], 0) - row["cents"]
    return sums


def balance_from(s: dict[str, int]) -> ClaimBalance:
    """A claim's figures from its accounts."""
    return ClaimBalance(
        -s.get(Account.REVENUE, 0), s.get(Account.CASH, 0), s.get(Account.CONTRACTUAL, 0) + s.get(Account.SEQUESTRATION, 0),
        s.get(Account.PATIENT, 0), s.get(Account.RECEIVABLE, 0),
    )


@dataclass(frozen=True, slots=True)
class MarginActual:
    """What a therapy brought and cost so far, in cents. ``open`` is charged and neither paid nor adjusted yet.

    ``awaited`` is what the contracts promise for claims that no payer has answered yet.
    """

    therapy_id: UUID
    charged_cents: int
    expected_cents: int
    paid_cents: int
    patient_cents: int
    open_cents: int
    drug_cents: int
    supplies_cents: int
    delivery_cents: int
    nursing_cents: int
    awaited_cents: int

    @property
    def cost_cents(self) -> int:
        return self.drug_cents + self.supplies_cents + self.delivery_cents + self.nursing_cents

    @property
    def margin_cents(self) -> int:
        """Paid, the patient's share with it, less cost."""
        return self.paid_cents + self.patient_cents - self.cost_cents

    @property
    def foreseen_income_cents(self) -> int:
        """Paid, the patient's share with it, and what is awaited."""
        return self.paid_cents + self.patient_cents + self.awaited_cents

    @property
    def foreseen_margin_cents(self) -> int:
        """What it comes to when every claim that is not answered yet is paid as the contract says."""
        return self.foreseen_income_cents - self.cost_cents


def margins(therapy_ids: Iterable[UUID] | None = None) -> dict[UUID, MarginActual]:
    """The margin of these therapies, or of all that were ever billed or cost something; four queries."""
    where = {} if therapy_ids is None else {"therapy_id__in": list(therapy_ids)}
    costs: dict[UUID, dict[str, int]] = {}
    for row in Cost.objects.filter(**where).values("therapy_id", "kind").annotate(cents=Sum("cents")):
        costs.setdefault(row["therapy_id"], {})[row["kind"]] = row["cents"]
    moved: dict[UUID, dict[str, int]] = {}
    rows = LedgerTransfer.objects.filter(**where, therapy__isnull=False)
    for sum_ in rows.values("therapy_id", "debit", "credit").annotate(cents=Sum("cents")):
        sums = moved.setdefault(sum_["therapy_id"], dict.fromkeys((a.value for a in Account), 0))
        sums[sum_["debit"]] += sum_["cents"]
        sums[sum_["credit"]] -= sum_["cents"]
    expected: dict[UUID, int] = {}
    awaited: dict[UUID, int] = {}
    for claims in Claim.objects.filter(**where).values("therapy_id", "state").annotate(cents=Sum("expected_cents")):
        expected[claims["therapy_id"]] = expected.get(claims["therapy_id"], 0) + claims["cents"]
        if claims["state"] in UNANSWERED:
            awaited[claims["therapy_id"]] = awaited.get(claims["therapy_id"], 0) + claims["cents"]
    ids = list(therapy_ids) if therapy_ids is not None else list({*costs, *moved, *expected})
    return {i: _margin(i, costs.get(i, {}), moved.get(i, {}), expected.get(i, 0), awaited.get(i, 0)) for i in ids}


def _margin(
    therapy_id: UUID, costs: dict[str, int], moved: dict[str, int], expected: int, awaited: int
) -> MarginActual:
    return MarginActual(
        therapy_id, -moved.get(Account.REVENUE, 0), expected, moved.get(Account.CASH, 0), moved.get(Account.PATIENT, 0),
        moved.get(Account.RECEIVABLE, 0), costs.get("drug", 0), costs.get("supplies", 0), costs.get("delivery", 0),
        costs.get("nursing", 0), awaited,
    )


@dataclass(frozen=True, slots=True)
class TransferFact:
    """One line of the ledger."""

    id: UUID
    on: date
    kind: str
    debit: str
    credit: str
    cents: int
    claim_id: UUID | None
    claim: str
    note: str


def transfers_where(*, limit: int = 500, **where: object) -> list[TransferFact]:
    """Transfers, the newest first."""
    rows = LedgerTransfer.objects.filter(**where).select_related("claim").order_by("-on", "-made_at", "-id")[:limit]
    return [
        TransferFact(
            r.id, r.on, r.kind, r.debit, r.credit, r.cents, r.claim_id, r.claim.control if r.claim_id else "", r.note,
        ) for r in rows
    ]


def revenue_since(day: date) -> int:
    """Cents charged from a day on; the denominator of days sales outstanding."""
    found = LedgerTransfer.objects.filter(kind=Kind.CHARGE.value, on__gte=day).aggregate(cents=Sum("cents"))
    return int(found["cents"] or 0)


@dataclass(frozen=True, slots=True)
class Beside:
    """Money a payer gave or kept beside its claims; ``cents`` positive came to us."""

    account: str
    note: str
    about_id: UUID | None
    about: str
    cents: int


def beside_of(remittance_id: UUID) -> list[Beside]:
    """The provider adjustments of a payment, each with the claim it names."""
    rows = LedgerTransfer.objects.filter(remittance_id=remittance_id, kind=Kind.PROVIDER_ADJUSTMENT.value)
    return [
        Beside(
            t.credit if t.debit == Account.CASH else t.debit, t.note, t.about_id, t.about.control if t.about_id else "",
            t.cents if t.debit == Account.CASH else -t.cents,
        ) for t in rows.select_related("about").order_by("made_at", "id")
    ]
