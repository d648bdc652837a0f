# SPDX-License-Identifier: Apache-2.0
"""Plain words for a patient: where a delivery is, how something is kept, a first name, a day and an hour."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

from openinfusion.kernel.figures import rows
from openinfusion.kernel.standing import Source, Standing

DELIVERY_WORDS = {
    "draft": "We are getting it ready and need your answers first.",
    "pre_delivery_assessment": "We are getting it ready and need your answers first.",
    "confirmed": "You confirmed it. We are packing it.",
    "picked": "You confirmed it. We are packing it.",
    "packed": "It is packed. A pharmacist checks it before it leaves.",
    "rph_checked": "It is packed and checked. It leaves soon.",
    "dispatched": "It is on its way to you.",
    "failed": "We could not hand it over. We will call you; you can also call us.",
}
VISIT_WORDS = {
    "requested": "We are looking for a time and a nurse.",
    "offered": "We are looking for a time and a nurse.",
    "accepted": "A nurse has taken this visit.",
    "confirmed": "This visit is confirmed.",
    "en_route": "Your nurse is on the way.",
    "in_progress": "Your nurse is with you.",
}
STORAGE_WORDS = {
    "room": "Keep at room temperature, away from heat and sun.",
    "controlled_room": "Keep at room temperature, away from heat and sun.",
    "refrigerated": "Keep in the refrigerator. Do not freeze.",
    "frozen": "Keep in the freezer.",
}


def kept(storage: str) -> str:
    """How something is kept; where we do not know the word, the label says it."""
    return STORAGE_WORDS.get(storage, "Keep it as the label says.")


def first_name(name: str) -> str:
    """A person's first name of “Given Family, RN” or “FAMILY, Given”; empty where nobody is named."""
    head, _, tail = name.strip().partition(",")
    words = tail.split() if head.isupper() and tail.strip() else head.split()
    return words[0] if words else ""


def day_words(day: date, today: date) -> str:
    """Today, Tomorrow, or Monday, November 23."""
    return {0: "Today", 1: "Tomorrow"}.get((day - today).days, f"{day:%A, %B} {day.day}")


def clock_words(at: time) -> str:
    """9 AM, 2:30 PM."""
    text = f"{at.hour % 12 or 12}{f':{at.minute:02d}' if at.minute else ''}"
    return f"{text} {'AM' if at.hour < 12 else 'PM'}"


def moment_words(at: datetime, zone: ZoneInfo, today: date) -> str:
    local = at.astimezone(zone)
    return f"{day_words(local.date(), today)} at {clock_words(local.time())}"


@cache
def _steps() -> tuple[tuple[str, str, Source], ...]:
    return tuple(
        (r["for"], r["text"], Source(r["source"], r["effective_from"], Standing(r["status"])))
        for r in rows(__package__, "data/home_steps.toml")
    )


def home_steps(about: Collection[str]) -> tuple[str, ...]:
    """The general steps for these routes and ways of storage, in the order they are done."""
    return tuple(text for what, text, _ in _steps() if what == "all" or what in about)
