# SPDX-License-Identifier: Apache-2.0
"""What a patient owes: which of it may be asked for, how old it is, and instalments. Never while insurance is pending."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from openinfusion.billing.domain.claim import ClaimState
from openinfusion.billing.permissions import STATE
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.roles import Role

AGES = ((30, "0 to 30 days"), (60, "31 to 60"), (90, "61 to 90"), (None, "over 90"))
MONTHS_A_YEAR, LAST_SAFE_DAY = 12, 28


@dataclass(frozen=True, slots=True)
class Owed:
    """The patient's share of one claim. ``payer_open_cents`` is what the insurance still owes on it."""

    claim_id: str
    control: str
    payer: str
    state: ClaimState
    cents: int
    payer_open_cents: int
    since: date
    first_on: date | None = None
    has_next_payer: bool = False

    def pending(self) -> Reason | None:
        """Why the patient may not be asked yet; nothing where the insurance is done with it."""
        if self.payer_open_cents > 0:
            return Reason("insurance-pending", f"the insurance still owes on claim {self.control}")
        if self.state is ClaimState.PATIENT_RESP:
            return None
        if self.state is ClaimState.PAID:
            if self.has_next_payer:
                return Reason("next-payer", f"claim {self.control} goes to the next payer first")
            return Reason("not-transferred", f"claim {self.control} has not been transferred to the patient")
        return Reason("insurance-pending", f"claim {self.control} is {self.state.value.replace('_', ' ')}")


def may_be_asked(owed: Iterable[Owed]) -> tuple[Owed, ...]:
    """What may stand on a statement."""
    return tuple(o for o in owed if o.cents > 0 and o.pending() is None)


def aged(owed: Iterable[Owed], today: date) -> tuple[int, ...]:
    """Cents by age in days since the share became the patient's, in the classes of ``AGES``."""
    sums = [0] * len(AGES)
    for o in owed:
        days = (today - o.since).days
        sums[next(n for n, (most, _) in enumerate(AGES) if most is None or days <= most)] += o.cents
    return tuple(sums)


def shared_out(cents: int, owed: Sequence[Owed]) -> tuple[tuple[Owed, int], ...]:
    """A payment over the oldest shares first; Malformed where it is more than is owed."""
    total = sum(o.cents for o in owed)
    if not 0 < cents <= total:
        raise Malformed(Fault("amount", f"the patient owes {total / 100:.2f} dollars"))
    found, left = [], cents
    for o in sorted(owed, key=lambda o: (o.since, o.control)):
        part = min(left, o.cents)
        if part > 0:
            found.append((o, part))
            left -= part
    return tuple(found)


@dataclass(frozen=True, slots=True)
class InstalmentDue:
    """One instalment: when, how much, and what was paid of it."""

    number: int
    due_on: date
    cents: int
    paid_cents: int = 0

    def missed(self, today: date, grace_days: int) -> bool:
        return self.paid_cents < self.cents and today > self.due_on + timedelta(days=grace_days)


def instalments(cents: int, count: int, first_due: date, *, most: int, least_cents: int) -> tuple[InstalmentDue, ...]:
    """Equal monthly instalments, the odd cents in the first ones; Malformed where there are too many or they are too small."""
    if not 1 < count <= most:
        raise Malformed(Fault("instalments", f"between 2 and {most}"))
    each, odd = divmod(cents, count)
    if each < least_cents:
        raise Malformed(Fault("instalments", f"each must be at least {least_cents / 100:.2f} dollars"))
    return tuple(
        InstalmentDue(n + 1, _months_later(first_due, n), each + (1 if n < odd else 0)) for n in range(count)
    )


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    return date(day.year + month // MONTHS_A_YEAR, month % MONTHS_A_YEAR + 1, min(day.day, LAST_SAFE_DAY))


def paid_into(plan: Sequence[InstalmentDue], cents: int) -> dict[int, int]:
    """A payment over the instalments, the earliest first: number → what each takes; what is over is in none."""
    found, left = {}, cents
    for i in sorted(plan, key=lambda i: i.number):
        part = min(left, i.cents - i.paid_cents)
        if part > 0:
            found[i.number] = part
            left -= part
    return found


class PlanState(StrEnum):
    AGREED = "agreed"
    KEPT = "kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What the guards ask: what is left to pay, how many instalments were missed, and how many may be."""

    left_cents: int = 0
    missed: int = 0
    missed_allowed: int = 1


def all_is_paid(f: PlanFacts) -> Reason | None:
    return Reason("left", "instalments are still to be paid") if f.left_cents else None


def too_many_missed(f: PlanFacts) -> Reason | None:
    if f.missed <= f.missed_allowed:
        return Reason("not-missed", f"{f.missed} missed; a plan ends after more than {f.missed_allowed}")
    return None


_S, _P = PlanState, STATE.code

PAYMENT_PLAN: Machine[PlanState, PlanFacts] = Machine(
    name="billing.payment_plan",
    initial=_S.AGREED,
    owners={_S.AGREED: "", _S.KEPT: "", _S.BROKEN: Role.BILLER, _S.CANCELLED: ""},
    tones={_S.AGREED: "move", _S.KEPT: "ok", _S.BROKEN: "crit", _S.CANCELLED: "idle"},
    steps=(
        Step("keep", _S.AGREED, _S.KEPT, _P, "Paid in full", "{actor} recorded that {subject} was kept", (all_is_paid,), "ok"),
        Step("break", _S.AGREED, _S.BROKEN, _P, "End it as broken", "{actor} ended {subject} as broken", (too_many_missed,),
             "danger", needs_reason=True),
        *(Step("cancel", s, _S.CANCELLED, _P, "Cancel", "{actor} cancelled {subject}", (), "neutral", needs_reason=True)
          for s in (_S.AGREED, _S.BROKEN)),
    ),
)
