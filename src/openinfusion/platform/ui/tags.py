# SPDX-License-Identifier: Apache-2.0
"""Template filters: one way to show a quantity, a time, money and a drug, everywhere."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from openinfusion.kernel.local_day import moment_at
from openinfusion.kernel.money import Money
from openinfusion.kernel.quantity import shown_number
from openinfusion.platform.clock import now

register = template.Library()


@register.filter
def number(value: Decimal | int | None) -> str:
    """A number as ISMP wants it: leading zero, no trailing zero, comma from 1,000."""
    return "Not recorded" if value is None else shown_number(Decimal(value))


@register.filter
def day(value: date | None) -> str:
    """14-Jul-1968: unambiguous on every page and label."""
    return "Not recorded" if value is None else value.strftime("%d-%b-%Y")


@register.filter
def moment(value: datetime | None, zone: str = "UTC") -> str:
    """23-Nov-2026 10:42 CST: 24-hour time with its zone."""
    return "" if value is None else moment_at(value, zone)


@register.filter
def ago(value: datetime | None) -> str:
    """How long since, in the largest whole unit."""
    if value is None:
        return ""
    seconds = int((now() - value).total_seconds())
    if seconds < 0:
        return f"in {_span(-seconds)}"
    return f"{_span(seconds)} ago"


def _span(seconds: int) -> str:
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {word}"
    return "1 min"


@register.filter
def lasting(minutes: int) -> str:
    """A time in its two largest units: 25 min, 1 h 5 min, 2 d 16 h."""
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [(days, "d"), (hours, "h")] if days else [(hours, "h"), (rest, "min")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 min"


@register.filter
def money(value: Money | int | None) -> str:
    """Dollars and cents; a bare integer is taken as cents."""
    if value is None:
        return "Not known"
    return str(value if isinstance(value, Money) else Money(value))


@register.filter
def words(value: object) -> str:
    """in_review → in review."""
    return str(getattr(value, "value", value)).replace("_", " ")


@register.simple_tag
def chip(tone: str, text: object) -> SafeString:
    """A status: colour, shape and word."""
    return format_html('<span class="chip {}">{}</span>', tone, words(text))


@register.filter
def percent(value: Decimal | None) -> str:
    return "–" if value is None else f"{shown_number(Decimal(value).quantize(Decimal('0.1')))} %"
