# SPDX-License-Identifier: Apache-2.0
"""Where the courses of the last days stop, so that today every queue holds work in every state.

Each course that comes to a stage near the end takes the next stop of that stage and waits there for a person.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # a course that yields this waits for somebody
LAST_DAYS = timedelta(days=4)

STOPS = {
    "authorization": ("info_requested", "peer_to_peer", "partial", "denied", "appealed", "overturned"),
    "review": ("clarification",),
    "plan": ("written",),
    "work order": (
        "released", "staged", "pre_checked", "in_compounding", "compounded", "final_check", "verified", "labeled", "quarantined",
    ),
    "delivery": (
        "draft", "pre_delivery_assessment", "confirmed", "picked", "packed", "rph_checked", "dispatched", "failed", "returned",
    ),
    "visit": ("offered", "accepted", "confirmed", "en_route", "in_progress", "documented", "reviewed", "missed", "refused"),
}


@dataclass(slots=True)
class Stops:
    """The stops that nobody has taken yet."""

    until: datetime
    left: dict[str, deque[str]] = field(default_factory=dict)

    @classmethod
    def share(cls, until: datetime, number: int, of: int) -> Stops:
        """One pharmacy's share of all stops; the stages begin at different pharmacies, so that the shares are alike."""
        return cls(until, {stage: deque(states[(number + n) % of :: of]) for n, (stage, states) in enumerate(STOPS.items())})

    def take(self, stage: str, at: datetime) -> str:
        """The next stop of a stage for a course that comes there now; empty for one that goes on."""
        waiting = self.left[stage]
        return waiting.popleft() if waiting and self.until - at < LAST_DAYS else ""
