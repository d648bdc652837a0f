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
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class TransmissionFacts:
    """Nothing about a file keeps a step from being taken but its state."""


BY_PEOPLE = frozenset({"arrived", "again", "by_hand", "by_hand_checked"})  # the other steps are taken by jobs alone

S = TransmissionState
_P = SEND.code
TRANSMISSION: Machine[TransmissionState, TransmissionFacts] = Machine(
    name="exchange.transmission",
    initial=S.QUEUED,
    steps=(
        Step("check", S.QUEUED, S.CHECKED, _P, "Passed the structure check", "{subject} passed the structure check."),
        Step("fault", S.QUEUED, S.FAULTY, _P, "Failed the structure check", "{subject} failed the structure check."),
        Step("begin", S.CHECKED, S.SENDING, _P, "Begin to send", "{subject} begins to be sent."),
        Step("postpone", S.SENDING, S.CHECKED, _P, "Try later", "{subject} could not be sent; nothing left the house."),
        Step("send", S.SENDING, S.SENT, _P, "Sent", "{subject} was sent."),
        Step("doubt", S.SENDING, S.UNSURE, _P, "Nobody can tell", "Whether {subject} arrived cannot be told.", (), "danger"),
        Step("arrived", S.UNSURE, S.SENT, _P, "It arrived", "{actor} found that {subject} had arrived.", (), "pri", True),
        Step("again", S.UNSURE, S.CHECKED, _P, "It did not arrive, send it", "{actor} found that {subject} had not arrived.", (),
             "neutral", True),
        Step("by_hand", S.QUEUED, S.SENT, _P, "Uploaded by hand", "{actor} uploaded {subject} by hand."),
        Step("by_hand_checked", S.CHECKED, S.SENT, _P, "Uploaded by hand", "{actor} uploaded {subject} by hand.", (), "pri"),
        Step("accept", S.SENT, S.ACCEPTED, _P, "Acknowledged", "The receiver accepted {subject}."),
        Step("reject", S.SENT, S.REJECTED, _P, "Rejected", "The receiver rejected {subject}.", (), "danger"),
    ),
    owners={
        S.QUEUED: "", S.CHECKED: "", S.FAULTY: Role.BILLER.value, S.SENDING: "", S.UNSURE: Role.BILLER.value, S.SENT: "",
        S.ACCEPTED: "", S.REJECTED: Role.BILLER.value,
    },
    tones={S.FAULTY: "crit", S.UNSURE: "warn", S.ACCEPTED: "ok", S.REJECTED: "crit", S.SENT: "move"},
)
