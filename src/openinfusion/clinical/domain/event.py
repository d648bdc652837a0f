# SPDX-License-Identifier: Apache-2.0
"""What should not have happened: an adverse drug reaction, an event of an access device, unplanned care. Never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openinfusion.clinical import permissions
from openinfusion.clinical.domain.coded import check, check_code, said
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Fault, Reason
from openinfusion.kernel.roles import Role


class Family(StrEnum):
    """Which of the three lists of kinds an event belongs to."""

    ADVERSE_REACTION = "adverse_reaction"
    LINE_EVENT = "line_event"
    UNPLANNED_CARE = "unplanned_care"


class Harm(StrEnum):
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    LIFE_THREATENING = "life_threatening"
    DEATH = "death"


class Related(StrEnum):
    """Whether it comes of the therapy, as judged; unknown until somebody has."""

    RELATED = "related"
    UNRELATED = "unrelated"
    UNKNOWN = "unknown"


class EventState(StrEnum):
    REPORTED = "reported"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class EventFacts:
    related: str = Related.UNKNOWN.value


def the_relation_is_judged(f: EventFacts) -> Reason | None:
    if f.related != Related.UNKNOWN:
        return None
    return Reason("relation-unknown", "say whether it comes of the therapy")


_S = EventState

EVENT: Machine[EventState, EventFacts] = Machine(
    name="clinical.event",
    initial=_S.REPORTED,
    steps=(
        Step(
            "review",
            _S.REPORTED,
            _S.REVIEWED,
            permissions.EVENT_REVIEW.code,
            "Judge",
            "{actor} judged {subject}: {related}",
            (the_relation_is_judged,),
            "ok",
            True,
        ),
        Step(
            "reopen",
            _S.REVIEWED,
            _S.REPORTED,
            permissions.EVENT_REVIEW.code,
            "Judge again",
            "{actor} took up {subject} again",
            (),
            "warn",
            True,
        ),
        Step(
            "worsen",
            _S.REVIEWED,
            _S.REPORTED,
            permissions.EVENT_REPORT.code,
            "Got worse",
            "{actor} recorded that {subject} got worse since it was judged: {harm}",
        ),
    ),
    owners={_S.REPORTED: Role.PHARMACIST, _S.REVIEWED: ""},
    tones={_S.REPORTED: "warn", _S.REVIEWED: "ok"},
)


def check_event(
    family: str,
    kind: str,
    harm: str,
    related: str,
    occurred_on: date,
    ended_on: date | None,
    text: str,
    has_device: bool,
    today: date,
) -> None:
    """Malformed with every fault: an event of a device names the device, and nothing happens in the future."""
    known = family in set(Family)
    check(
        None if known else Fault("family", f"one of {', '.join(Family)}"),
        check_code(family, kind, "kind") if known else None,
        None if harm in set(Harm) else Fault("harm", f"one of {', '.join(Harm)}"),
        None if related in set(Related) else Fault("related", f"one of {', '.join(Related)}"),
        Fault("occurred_on", "lies in the future") if occurred_on > today else None,
        Fault("ended_on", "it ended before it began") if ended_on and ended_on < occurred_on else None,
        said("text", text, "say what happened and what was done"),
        Fault("line_id", "name the device") if family == Family.LINE_EVENT and not has_device else None,
    )
