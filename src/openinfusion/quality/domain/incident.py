# SPDX-License-Identifier: Apache-2.0
"""An incident: from opened to closed, with a cause, actions that are done, and a second person who closes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from openinfusion.kernel.machine import Machine, Step
from openinfusion.kernel.refusal import Reason
from openinfusion.kernel.roles import Role
from openinfusion.quality.permissions import HANDLE


class IncidentKind(StrEnum):
    EXCURSION = "excursion"
    SAMPLE = "sample"
    CERTIFICATION = "certification"
    RECALL = "recall"
    DISCREPANCY = "discrepancy"
    COMPOUNDING = "compounding"
    DELIVERY = "delivery"
    OTHER = "other"


class CauseKind(StrEnum):
    """The family of a cause, for counting; the words beside it tell what it was."""

    EQUIPMENT = "equipment"
    PEOPLE = "people"
    METHOD = "method"
    MATERIAL = "material"
    ENVIRONMENT = "environment"
    SUPPLIER = "supplier"
    UNKNOWN = "unknown"


class IncidentState(StrEnum):
    OPEN = "open"
    INVESTIGATING = "investigating"
    ACTION_PLANNED = "action_planned"
    CLOSED = "closed"


class ActionKind(StrEnum):
    CORRECTIVE = "corrective"
    PREVENTIVE = "preventive"


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """What the guards ask. ``undone``: actions not yet done, in words; ``corrective``, ``preventive``: how many there are."""

    actor: UUID
    owner: UUID | None = None
    cause: str = ""
    corrective: int = 0
    preventive: int = 0
    undone: Sequence[str] = ()
    going_on: bool = False  # an excursion that has not ended


def owner_is_named(f: IncidentFacts) -> Reason | None:
    return None if f.owner else Reason("no-owner", "nobody owns it yet", "name who investigates, and by when")


def cause_is_named(f: IncidentFacts) -> Reason | None:
    return None if f.cause.strip() else Reason("no-cause", "the cause is not recorded", "its owner records it")


def actions_are_planned(f: IncidentFacts) -> Reason | None:
    missing = [k for k, n in (("corrective", f.corrective), ("preventive", f.preventive)) if not n]
    if not missing:
        return None
    return Reason("no-action", f"no {' and no '.join(missing)} action is planned", "plan one of each, or close it without action")


def actions_are_done(f: IncidentFacts) -> Reason | None:
    return Reason("undone", f"not done yet: {'; '.join(f.undone)}", "whoever owns the action") if f.undone else None


def it_is_over(f: IncidentFacts) -> Reason | None:
    return Reason("going-on", "the excursion is still going on", "readings in range") if f.going_on else None


def closer_is_another_person(f: IncidentFacts) -> Reason | None:
    if f.owner != f.actor:
        return None
    return Reason("own-incident", "whoever investigated it may not close it", "another person closes it")


S = IncidentState
_AT_END = (actions_are_done, it_is_over, closer_is_another_person)
INCIDENT: Machine[IncidentState, IncidentFacts] = Machine(
    name="quality.incident",
    initial=S.OPEN,
    steps=(
        Step("investigate", S.OPEN, S.INVESTIGATING, HANDLE.code, "Begin the investigation",
             "{actor} began to investigate {subject}.", (owner_is_named,), "pri"),
        Step("plan", S.INVESTIGATING, S.ACTION_PLANNED, HANDLE.code, "Actions are planned",
             "{actor} set the actions of {subject}.", (cause_is_named, actions_are_planned), "pri"),
        Step("dismiss", S.INVESTIGATING, S.CLOSED, HANDLE.code, "Close without action",
             "{actor} closed {subject} without action.", (cause_is_named, *_AT_END),
             "neutral", True, "no action is needed"),
        Step("look_again", S.ACTION_PLANNED, S.INVESTIGATING, HANDLE.code, "Back to investigation",
             "{actor} took {subject} back to investigation.", (), "neutral", True),
        Step("close", S.ACTION_PLANNED, S.CLOSED, HANDLE.code, "Close",
             "{actor} closed {subject}.", (cause_is_named, actions_are_planned, *_AT_END),
             "ok", False, "cause found, actions done and working"),
        Step("reopen", S.CLOSED, S.INVESTIGATING, HANDLE.code, "Reopen", "{actor} reopened {subject}.", (), "danger", True),
    ),
    owners={
        S.OPEN: Role.COMPLIANCE.value,
        S.INVESTIGATING: Role.COMPLIANCE.value,
        S.ACTION_PLANNED: Role.COMPLIANCE.value,
        S.CLOSED: "",
    },
    tones={S.OPEN: "crit", S.INVESTIGATING: "warn", S.ACTION_PLANNED: "wait", S.CLOSED: "idle"},
)
OPEN_STATES = tuple(s.value for s in S if s is not S.CLOSED)
