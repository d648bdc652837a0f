# SPDX-License-Identifier: Apache-2.0
"""Whether a typed weight or height can be true: bounds, and the jump that betrays pounds taken for kilograms."""
from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from openinfusion.kernel.quantity import shown_number
from openinfusion.kernel.refusal import Fault, Malformed, Reason
from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is accepted for one kind of measurement; a change above ``jump_share`` wants a second look."""

    lowest: Decimal
    highest: Decimal
    jump_share: Decimal
    source: Source


def check_bounds(kind: str, value: Decimal, bounds: Bounds) -> None:
    if not bounds.lowest <= value <= bounds.highest:
        low, high = shown_number(bounds.lowest), shown_number(bounds.highest)
        raise Malformed(Fault("value", f"{kind} must lie between {low} and {high}; {shown_number(value)} does not"))


def jump(kind: str, value: Decimal, last: Decimal | None, bounds: Bounds) -> Reason | None:
    """Why this value should be confirmed, if it should."""
    if last is None or abs(value - last) <= last * bounds.jump_share:
        return None
    was, now = shown_number(last), shown_number(value)
    return Reason(
        "value-jumps", f"{kind} goes from {was} to {now}: pounds for kilograms?", "confirm the value to record it"
    )


def proportion(weight_kg: Decimal | None, height_cm: Decimal | None, bounds: Bounds) -> Reason | None:
    """Why weight and height hardly belong together (pounds for kilograms, inches for centimetres), if so; by kg/m²."""
    if weight_kg is None or height_cm is None:
        return None
    index = weight_kg / (height_cm / 100) ** 2
    if bounds.lowest <= index <= bounds.highest:
        return None
    shown = f"{shown_number(weight_kg)} kg with {shown_number(height_cm)} cm"
    text = f"{shown} gives {shown_number(round(index, 1))} kg/m²: pounds for kilograms, or inches for centimeters?"
    return Reason("value-disproportionate", text, "confirm the value to record it")
