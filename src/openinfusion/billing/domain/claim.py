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
    QUEUED = "queued"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    FORWARDED = "forwarded"
    REJECTED = "rejected"
    ACCEPTED = "accepted"
    PAID = "paid"
    PARTIAL = "partial"
    DENIED = "denied"
    APPEALED = "appealed"
    SECONDARY = "secondary"
    PATIENT_RESP = "patient_resp"
    VOIDED = "voided"
    CLOSED = "closed"
    WRITTEN_OFF = "written_off"


_S = ClaimState
UNSENT = frozenset({_S.UNBILLED, _S.HELD, _S.READY})  # with us: it may be checked and corrected
IN_FILE = frozenset({_S.QUEUED})  # written into a file that has not left
OUT = frozenset({_S.SUBMITTED, _S.RECEIVED, _S.FORWARDED})  # left, and the payer has not said that it has it
# The payer has not answered yet: the claim is with us, on its way, or with the payer.
UNANSWERED = UNSENT | IN_FILE | OUT | {_S.REJECTED, _S.ACCEPTED}
# States in which a payer's answer is posted, and those in which it may take one back.
ANSWERABLE = OUT | {_S.ACCEPTED, _S.DENIED, _S.APPEALED, _S.PARTIAL, _S.SECONDARY, _S.PAID}
REVERSIBLE = OUT | {
    _S.ACCEPTED, _S.PAID, _S.PARTIAL, _S.DENIED, _S.APPEALED, _S.SECONDARY, _S.PATIENT_RESP, _S.CLOSED, _S.WRITTEN_OFF,
}
CORRECTABLE = frozenset({_S.DENIED, _S.PARTIAL, _S.PAID})  # answered: a corrected one names the payer's number

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"  # CLM05-3


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What the guards ask: every hold reason, and how much is still open with the payer and with the patient."""

    holds: tuple[Reason, ...] = ()
    open_cents: int = 0
    patient_cents: int = 0
    has_secondary: bool = False
    frequency: str = ORIGINAL
    payer_control: str = ""
    paid_cents: int = 0


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


def payer_has_numbered_it(f: ClaimFacts) -> Reason | None:
    if f.payer_control:
        return None
    return Reason("no-payer-control", "the payer's number of the claim is not known", "wait for its answer, or ask by 276")


def it_is_a_void(f: ClaimFacts) -> Reason | None:
    return None if f.frequency == VOID else Reason("not-a-void", "this claim does not void another")


def nothing_is_paid(f: ClaimFacts) -> Reason | None:
    return Reason("still-paid", "what the payer paid has not been taken back yet") if f.paid_cents else None


S, W = ClaimState, WORK.code


def _posting_steps() -> list[Step[ClaimState, ClaimFacts]]:
    """What a remittance may do, from every state in which a payer may answer."""
    found: list[Step[ClaimState, ClaimFacts]] = []
    for source in sorted(ANSWERABLE):
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
        for source in sorted(REVERSIBLE)
    ]
    return found


def _way_steps() -> list[Step[ClaimState, ClaimFacts]]:
    """From a file to the payer: what the file's way, the 999 and the 277CAs make of the claim."""
    found: list[Step[ClaimState, ClaimFacts]] = [
        Step("take_back", source, S.READY, SUBMIT.code, "Take back out of the file",
             "{actor} took claim {subject} back: {why}", (), "warn", needs_reason=True)
        for source in (S.QUEUED, S.SUBMITTED)
    ]
    steps = (
        ("receive", S.RECEIVED, (S.SUBMITTED,), "Record that the file was taken",
         "{actor} read that the file of claim {subject} was taken"),
        ("forward", S.FORWARDED, (S.SUBMITTED, S.RECEIVED), "Record that the clearing house took it",
         "{actor} read that the clearing house took claim {subject}"),
        ("accept", S.ACCEPTED, (S.SUBMITTED, S.RECEIVED, S.FORWARDED), "Record the payer's acceptance",
         "{actor} recorded that the payer accepted claim {subject}"),
    )
    found += [
        Step(name, source, target, POST.code, label, sentence)
        for name, target, sources, label, sentence in steps for source in sources
    ]
    found += [
        Step("reject", source, S.REJECTED, POST.code, "Record a front-end rejection",
             "{actor} recorded that claim {subject} was rejected", (), "danger", needs_reason=True)
        for source in sorted(OUT)
    ]
    return found


def _void_steps() -> list[Step[ClaimState, ClaimFacts]]:
    """Taking a claim back from the payer: asked for, sent as frequency 8, and recorded when nothing is paid any more."""
    found = [
        Step("void", source, S.HELD, W, "Void it at the payer", "{actor} asked to void claim {subject}",
             (payer_has_numbered_it,), "danger", needs_reason=True)
        for source in sorted(CORRECTABLE | {S.ACCEPTED})
    ]
    found += [
        Step("voided", source, S.VOIDED, POST.code, "Record that the payer voided it",
             "{actor} recorded that the payer voided claim {subject}", (it_is_a_void, nothing_is_paid), "warn")
        for source in sorted(OUT | {S.ACCEPTED})
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
        S.UNBILLED: Role.BILLER, S.HELD: Role.BILLER, S.READY: Role.BILLER, S.QUEUED: "", S.SUBMITTED: "",
        S.RECEIVED: "", S.FORWARDED: "", S.REJECTED: Role.BILLER,
        S.ACCEPTED: "", S.PAID: "", S.PARTIAL: Role.BILLER, S.DENIED: Role.BILLER, S.APPEALED: "",
        S.SECONDARY: "", S.PATIENT_RESP: Role.BILLER, S.VOIDED: "", S.CLOSED: "", S.WRITTEN_OFF: "",
    },
    tones={
        S.UNBILLED: "info", S.HELD: "warn", S.READY: "wait", S.QUEUED: "move", S.SUBMITTED: "move",
        S.RECEIVED: "move", S.FORWARDED: "move", S.REJECTED: "crit",
        S.ACCEPTED: "move",
        S.PAID: "ok", S.PARTIAL: "warn", S.DENIED: "crit", S.APPEALED: "move", S.SECONDARY: "move",
        S.PATIENT_RESP: "wait", S.VOIDED: "idle", S.CLOSED: "idle", S.WRITTEN_OFF: "idle",
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
        Step("queue", S.READY, S.QUEUED, SUBMIT.code, "Put into a file",
             "{actor} put claim {subject} into file {control}", (nothing_holds_it,), "primary"),
        Step("submit", S.QUEUED, S.SUBMITTED, SUBMIT.code, "Sent", "{actor} sent claim {subject} in file {control}"),
        *_way_steps(),
        Step("correct", S.REJECTED, S.HELD, W, "Correct", "{actor} took claim {subject} back to correct it", (),
             "primary"),
        Step("correct", S.DENIED, S.HELD, W, "Correct and resend",
             "{actor} took claim {subject} back to correct it after the denial", (), "primary"),
        *(Step("correct", source, S.HELD, W, "Correct and resend",
               "{actor} took claim {subject} back to correct what was answered", (payer_has_numbered_it,), "neutral",
               needs_reason=True)
          for source in (S.PARTIAL, S.PAID)),
        *_void_steps(),
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
        Step("close", S.SECONDARY, S.CLOSED, W, "Close", "{actor} closed claim {subject}", (nothing_is_open,), "ok"),
        *_posting_steps(),
        *_write_offs(),
    ),
)
