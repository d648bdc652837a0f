# SPDX-License-Identifier: Apache-2.0
"""Chasing a signature: when an unsigned plan of treatment is asked for, again and again, until it comes back signed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Fault, Malformed


class Channel(StrEnum):
    """How the prescriber was asked."""

    TELEPHONE = "telephone"
    FAX = "fax"
    PORTAL = "portal"
    EMAIL = "email"
    MAIL = "mail"
    IN_PERSON = "in_person"


def chase_days(name: str, on: date) -> int:
    """The days in force on this day: after_days since it was sent, again_days since the last attempt."""
    found = [r for r in rows(__package__, "data/plan_chase.toml") if r["name"] == name]
    in_force = sorted((r["effective_from"], int(r["value"])) for r in found if r["effective_from"] <= on)
    return in_force[-1][1] if in_force else int(found[0]["value"])


def first_chase(sent_at: datetime, on: date) -> datetime:
    """From when a plan that was sent then is chased, by the days in force on the day of sending."""
    return sent_at + timedelta(days=chase_days("after_days", on))


def next_chase(asked_at: datetime, on: date) -> datetime:
    """From when it is chased again after an attempt."""
    return asked_at + timedelta(days=chase_days("again_days", on))


def check_attempt(channel: str, result: str) -> None:
    """Malformed where an attempt does not say how it was made and what came of it."""
    faults = []
    if channel not in set(Channel):
        faults.append(Fault("channel", f"“{channel}” is none of {', '.join(Channel)}"))
    if not result.strip():
        faults.append(Fault("result", "say what came of the attempt: no answer, promised for Friday, sent again"))
    if faults:
        raise Malformed(*faults)
