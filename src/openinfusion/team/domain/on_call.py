# SPDX-License-Identifier: Apache-2.0
"""Being on call: the duties, the line that is rung next, wall-clock times of a site, and the hours nobody holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from openinfusion.kernel.figures import rows
from openinfusion.kernel.refusal import Fault, Malformed
from openinfusion.kernel.roles import Role
from openinfusion.kernel.span import Span
from openinfusion.kernel.standing import Source, Standing


class Duty(StrEnum):
    PHARMACIST = "pharmacist"
    NURSE = "nurse"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class DutyRule:
    """What on_call.toml says of a duty. ``then`` is the duty rung when nobody answers; None ends the line."""

    duty: Duty
    title: str
    roles: frozenset[Role]
    then: Duty | None
    required: bool
    watch_days: int
    source: Source


@cache
def duties() -> dict[Duty, DutyRule]:
    """Every duty with its rule, in the order of the file."""
    return {
        Duty(r["duty"]): DutyRule(
            Duty(r["duty"]),
            r["title"],
            frozenset(Role(x) for x in r["roles"]),
            Duty(r["then"]) if r["then"] else None,
            r["required"],
            r["watch_days"],
            Source(r["source"], r["effective_from"], Standing(r["status"])),
        )
        for r in rows(__package__, "on_call.toml")
    }


def line_after(duty: Duty) -> tuple[Duty, ...]:
    """The duties that are rung after this one, in order; a duty is rung once."""
    found: list[Duty] = []
    then = duties()[duty].then
    while then is not None and then is not duty and then not in found:
        found.append(then)
        then = duties()[then].then
    return tuple(found)


def at_site(given: datetime, zone: str, field: str) -> datetime:
    """An instant of a wall-clock time at a site; one that has its own zone stays what it is.

    In the night the clocks go back the first of the two hours is meant, for a beginning and for an end alike, so that
    shifts that meet still meet. Malformed for an hour that the clocks skip.
    """
    if given.tzinfo is not None:
        return given.astimezone(UTC)
    local = given.replace(tzinfo=ZoneInfo(zone), fold=0)
    at = local.astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != given:
        raise Malformed(Fault(field, f"{given:%d-%b-%Y %H:%M} is skipped that night at the site: the clocks go forward"))
    return at


def gaps(held: Iterable[Span], within: Span) -> tuple[Span, ...]:
    """The stretches of a bounded span that none of these spans holds, in order."""
    assert within.end is not None
    found, free = [], within.start
    for span in sorted(held, key=lambda s: s.start):
        if span.start >= within.end:
            break
        if span.start > free:
            found.append(Span(free, span.start))
        if span.end is None:
            return tuple(found)
        free = max(free, span.end)
    if free < within.end:
        found.append(Span(free, within.end))
    return tuple(found)
