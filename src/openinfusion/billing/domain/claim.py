# SPDX-License-Identifier: Apache-2.0
"""The claim: its states, its steps, and what holds it back."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.billing.permissions import CAPTURE, POST, SUBMIT, WORK, WRITE_OFF
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class ClaimState(StrEnum):
    UNBILLED = "unbilled"
    HELD = "held"
    READY = "ready"
    SUBMITTED = "submitted"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    PAID = "paid"
    PARTIAL = "partial"
    DENIED = "denied"
    APPEALED = "appealed"
    SECONDARY = "secondary"
    PATIENT_RESP = "patient_resp"
    CLOSED = "closed"
    WRITTEN_OFF = "written_off"


# The payer has not answered yet: the claim is with us, on its way, or with the payer.
UNANSWERED = frozenset({
    ClaimState.UNBILLED, ClaimState.HELD, ClaimState.READY, ClaimState.SUBMITTED, ClaimState.REJECTED, ClaimState.ACCEPTED,
})


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the guards ask: every hold reason, and how much is still open with the payer and with the patient."""

    holds: tuple[Reason, ...] = ()
    open_cents: int = 0
    patient_cents: int = 0
    has_secondary: bool = False


def nothing_holds_it(f: ClaimFacts) -> Reason | None:
    return f.holds[0] if f.holds else None


def something_holds_it(f: ClaimFacts) -> Reason | None:
    return None if f.holds else Reason("nothing-held", "nothing holds this claim")


def nothing_is_open(f: ClaimFacts) -> Reason | None:
    if f.open_cents or f.patient_cents:
        return Reason("balance-open", "there is still a balance to collect or to write off")
    return None


def patient_owes(f: ClaimFacts) -> Reason | None:
    return None if f.patient_cents > 0 else Reason("patient-owes-nothing", "nothing is the patient's to pay")


def has_secondary(f: ClaimFacts) -> Reason | None:
    return None if f.has_secondary else Reason("no-secondary", "no second payer is on file for the patient")


S, W = ClaimState, WORK.code
_POSTED = (S.SUBMITTED, S.ACCEPTED, S.DENIED, S.APPEALED, S.PARTIAL, S.SECONDARY, S.PAID)


def _posting_steps() -> list[Step[ClaimState, ClaimFacts]]:
    """What a remittance may do, from every state in which a payer may answer."""
    found: list[Step[ClaimState, ClaimFacts]] = []
    for source in _POSTED:
        for name, target, words in (
            ("pay", S.PAID, "paid in full"), ("pay_partly", S.PARTIAL, "paid in part"), ("deny", S.DENIED, "denied"),
        ):
            found.append(Step(
                name, source, target, POST.code, f"Post: {words}", "{actor} posted claim {subject} as " + words, (),
                "ok" if name == "pay" else "warn",
            ))
    found += [
        Step("reverse", source, S.ACCEPTED, POST.code, "Post a reversal",
             "{actor} posted the payer's reversal of claim {subject}", (), "warn")
        for source in (S.PAID, S.PARTIAL, S.DENIED, S.APPEALED, S.SECONDARY, S.PATIENT_RESP, S.CLOSED, S.WRITTEN_OFF)
    ]
    return found


def _write_offs() -> list[Step[ClaimState, ClaimFacts]]:
    return [
        Step("write_off", source, S.WRITTEN_OFF, WRITE_OFF.code, "Write off",
             "{actor} wrote off what was open on claim {subject}", (), "danger", needs_reason=True)
        for source in (S.HELD, S.REJECTED, S.PARTIAL, S.DENIED, S.APPEALED, S.PATIENT_RESP)
    ]


CLAIM: Machine[ClaimState, ClaimFacts] = Machine(
    name="billing.claim",
    initial=S.UNBILLED,
    owners={
        S.UNBILLED: Role.BILLER, S.HELD: Role.BILLER, S.READY: Role.BILLER, S.SUBMITTED: "", S.REJECTED: Role.BILLER,
        S.ACCEPTED: "", S.PAID: "", S.PARTIAL: Role.BILLER, S.DENIED: Role.BILLER, S.APPEALED: "",
        S.SECONDARY: "", S.PATIENT_RESP: Role.BILLER, S.CLOSED: "", S.WRITTEN_OFF: "",
    },
    tones={
        S.UNBILLED: "info", S.HELD: "warn", S.READY: "wait", S.SUBMITTED: "move", S.REJECTED: "crit",
        S.ACCEPTED: "move",
        S.PAID: "ok", S.PARTIAL: "warn", S.DENIED: "crit", S.APPEALED: "move", S.SECONDARY: "move",
        S.PATIENT_RESP: "wait", S.CLOSED: "idle", S.WRITTEN_OFF: "idle",
    },
    steps=(
        Step("hold", S.UNBILLED, S.HELD, CAPTURE.code, "Hold", "{actor} held claim {subject}: {why}",
             (something_holds_it,),
             "warn"),
        Step("release", S.UNBILLED, S.READY, CAPTURE.code, "Check and release",
             "{actor} checked claim {subject} and found it ready", (nothing_holds_it,), "primary"),
        Step("release", S.HELD, S.READY, W, "Check again and release", "{actor} released claim {subject}",
             (nothing_holds_it,), "primary"),
        Step("hold", S.READY, S.HELD, W, "Hold", "{actor} held claim {subject}: {why}", (), "warn", needs_reason=True),
        Step("submit", S.READY, S.SUBMITTED, SUBMIT.code, "Send",
             "{actor} sent claim {subject} in file {control}", (nothing_holds_it,), "primary"),
        Step("reject", S.SUBMITTED, S.REJECTED, POST.code, "Record a front-end rejection",
             "{actor} recorded that claim {subject} was rejected", (), "danger", needs_reason=True),
        Step("accept", S.SUBMITTED, S.ACCEPTED, POST.code, "Record the payer's acceptance",
             "{actor} recorded that the payer accepted claim {subject}"),
        Step("correct", S.REJECTED, S.HELD, W, "Correct", "{actor} took claim {subject} back to correct it", (),
             "primary"),
        Step("correct", S.DENIED, S.HELD, W, "Correct and resend",
             "{actor} took claim {subject} back to correct it after the denial", (), "primary"),
        Step("appeal", S.DENIED, S.APPEALED, W, "Appeal", "{actor} appealed the denial of claim {subject}", (),
             "primary",
             needs_reason=True),
        Step("appeal", S.PARTIAL, S.APPEALED, W, "Appeal", "{actor} appealed the short payment of claim {subject}", (),
             "neutral", needs_reason=True),
        Step("bill_secondary", S.PARTIAL, S.SECONDARY, W, "Bill the next payer",
             "{actor} passed claim {subject} to the next payer", (has_secondary,)),
        Step("bill_secondary", S.PAID, S.SECONDARY, W, "Bill the next payer",
             "{actor} passed claim {subject} to the next payer", (has_secondary,)),
        Step("bill_patient", S.PARTIAL, S.PATIENT_RESP, W, "Bill the patient",
             "{actor} billed the patient their share of claim {subject}", (patient_owes,)),
        Step("bill_patient", S.PAID, S.PATIENT_RESP, W, "Bill the patient",
             "{actor} billed the patient their share of claim {subject}", (patient_owes,)),
        Step("close", S.PAID, S.CLOSED, W, "Close", "{actor} closed claim {subject}", (nothing_is_open,), "ok"),
        Step("close", S.PATIENT_RESP, S.CLOSED, W, "Close", "{actor} closed claim {subject}", (nothing_is_open,), "ok"),
        *_posting_steps(),
        *_write_offs(),
    ),
)
