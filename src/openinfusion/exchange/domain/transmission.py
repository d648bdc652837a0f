# SPDX-License-Identifier: Apache-2.0
"""A file on its way to a clearing house: checked, sent once, acknowledged. What cannot be known is asked, not repeated.

Before the first byte leaves, the file is *sending*, and that is saved. Whoever finds it *sending* after a crash looks
whether it arrived; where nobody can tell, a person decides, because a claim sent twice costs more than a claim sent late.
"""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.exchange.permissions import SEND
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.roles import Role


class TransmissionState(StrEnum):
    QUEUED = "queued"
    CHECKED = "checked"
    FAULTY = "faulty"
    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"
    ACCEPTED = "accepted"
    PARTLY = "partly"  # some of its transactions were refused; their claims are ready again, the others stand
    REJECTED = "rejected"
    SETTLED = "settled"  # a person has seen why it was turned away


@dataclass(frozen=True, slots=True)
class TransmissionFacts:
    """Nothing about a file keeps a step from being taken but its state."""


BY_PEOPLE = frozenset({"arrived", "again", "by_hand", "by_hand_checked", "settle"})  # the other steps are taken by jobs alone

S = TransmissionState
_P = SEND.code
TRANSMISSION: Machine[TransmissionState, TransmissionFacts] = Machine(
    name="exchange.transmission",
    initial=S.QUEUED,
    steps=(
        Step("check", S.QUEUED, S.CHECKED, _P, "Passed the structure check", "{actor} found {subject} well made."),
        Step("fault", S.QUEUED, S.FAULTY, _P, "Failed the structure check", "{actor} found {subject} ill made."),
        Step("begin", S.CHECKED, S.SENDING, _P, "Begin to send", "{actor} began to send {subject}."),
        Step("postpone", S.SENDING, S.CHECKED, _P, "Try later", "{actor} could not send {subject}; nothing left."),
        Step("send", S.SENDING, S.SENT, _P, "Sent", "{actor} sent {subject}."),
        Step("doubt", S.SENDING, S.UNSURE, _P, "Nobody can tell", "{actor} cannot tell whether {subject} arrived.", (), "danger"),
        Step("arrived", S.UNSURE, S.SENT, _P, "It arrived", "{actor} found that {subject} had arrived.", (), "pri", True),
        Step("again", S.UNSURE, S.CHECKED, _P, "It did not arrive, send it", "{actor} found that {subject} had not arrived.", (),
             "neutral", True),
        Step("by_hand", S.QUEUED, S.SENT, _P, "Uploaded by hand", "{actor} uploaded {subject} by hand."),
        Step("by_hand_checked", S.CHECKED, S.SENT, _P, "Uploaded by hand", "{actor} uploaded {subject} by hand.", (), "pri"),
        Step("accept", S.SENT, S.ACCEPTED, _P, "Acknowledged", "{actor} read that {subject} was accepted."),
        Step("accept_partly", S.SENT, S.PARTLY, _P, "Accepted in part", "{actor} read that part of {subject} was rejected.", (),
             "warn"),
        Step("reject", S.SENT, S.REJECTED, _P, "Rejected", "{actor} read that {subject} was rejected.", (), "danger"),
        *(
            Step("settle", source, S.SETTLED, _P, "Seen, and mended", "{actor} settled what was wrong with {subject}: {why}", (),
                 "neutral", True)
            for source in (S.FAULTY, S.PARTLY, S.REJECTED)
        ),
    ),
    owners={
        S.QUEUED: "", S.CHECKED: "", S.FAULTY: Role.BILLER.value, S.SENDING: "", S.UNSURE: Role.BILLER.value, S.SENT: "",
        S.ACCEPTED: "", S.PARTLY: Role.BILLER.value, S.REJECTED: Role.BILLER.value, S.SETTLED: "",
    },
    tones={S.FAULTY: "crit", S.PARTLY: "warn", S.UNSURE: "warn", S.ACCEPTED: "ok", S.REJECTED: "crit", S.SENT: "move"},
)
