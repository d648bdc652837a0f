# SPDX-License-Identifier: Apache-2.0
"""What the bench reports: a wrong scan that stops the work, a near miss somebody tells of, a call for the pharmacist."""
from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openinfusion.compounding import permissions
from openinfusion.compounding.domain.second_look import bench_setting
from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role


class ReportKind(StrEnum):
    WRONG_PRODUCT = "wrong_product"
    UNSTAGED_LOT = "unstaged_lot"
    UNUSABLE_LOT = "unusable_lot"
    TOO_LITTLE_LEFT = "too_little_left"
    LOOK_REFUSED = "look_refused"
    PUMP_MISMATCH = "pump_mismatch"
    NEAR_MISS = "near_miss"  # told by somebody
    CALL = "call"  # the pharmacist is asked to the hood


STOPPING = frozenset(ReportKind) - {ReportKind.NEAR_MISS, ReportKind.CALL}


def opens_incident(kind: ReportKind) -> bool:
    """Whether the house looks into such a report as an incident (data/bench.toml)."""
    return kind.value in bench_setting("incident-of").split()


class ReportState(StrEnum):
    OPEN = "open"  # one that stops the work does so until the person at the hood has seen it
    SEEN = "seen"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What the guards look at."""

    stops: bool = False
    reported_by_actor: bool = False


def reviewer_is_another(f: ReportFacts) -> Reason | None:
    own = "whoever reported it does not review it"
    return Reason("own-report", own, "another pharmacist reviews it") if f.reported_by_actor else None


def it_is_seen_at_the_hood(f: ReportFacts) -> Reason | None:
    unseen = "it stops the work and was not acknowledged at the hood"
    return Reason("not-acknowledged", unseen, "the person at the hood acknowledges it") if f.stops else None


_S = ReportState
_REVIEW = permissions.VERIFY.code

BENCH_REPORT: Machine[ReportState, ReportFacts] = Machine(
    name="compounding.bench_report",
    initial=_S.OPEN,
    steps=(
        Step("acknowledge", _S.OPEN, _S.SEEN, permissions.COMPOUND.code, "I have seen it",
             "{actor} acknowledged {subject}", (), "warn"),
        Step("review", _S.OPEN, _S.REVIEWED, _REVIEW, "Reviewed", "{actor} reviewed {subject}",
             (reviewer_is_another, it_is_seen_at_the_hood), "ok", True),
        Step("review", _S.SEEN, _S.REVIEWED, _REVIEW, "Reviewed", "{actor} reviewed {subject}",
             (reviewer_is_another,), "ok", True),
    ),
    owners={_S.OPEN: Role.PHARMACIST, _S.SEEN: Role.PHARMACIST, _S.REVIEWED: ""},
    tones={_S.OPEN: "crit", _S.SEEN: "wait", _S.REVIEWED: "ok"},
)
