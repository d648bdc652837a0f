# SPDX-License-Identifier: Apache-2.0
"""Rows that rooms hand to the desk: work that waits for somebody, and things that a search found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """One piece of work in a queue: whose turn, what it is, what is missing, since when, by when, where to open it."""

    room: str
    kind: str  # "Referral", "Work order": the noun a person uses
    id: UUID
    title: str  # what it is, in one line, without the patient's name
    patient: str  # FAMILY, Given; empty where there is none
    state: str  # in words
    tone: str
    owner: str  # the role whose turn it is
    since: datetime
    url: str
    due_at: datetime | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing a search found."""

    kind: str
    title: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One thing of a room that belongs on a patient's chart: a course, an order, a ticket, a visit, a claim."""

    kind: str
    title: str
    state: str
    tone: str
    detail: str
    url: str
    at: datetime
