# SPDX-License-Identifier: Apache-2.0
"""A figure held against its limits: within, beyond, or not to be judged for want of a limit or of the figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from openinfusion.calculations.domain.calculation import Result, Verdict
from openinfusion.calculations.domain.figures import Row
from openinfusion.calculations.domain.measure import shown_unit
from openinfusion.kernel.quantity import shown_number


def bound(row: Row, column: str) -> Decimal | None:
    """The limit in this column, None where the row has none."""
    return row.figure(column) if row.get(column) is not None else None


def judged(name: str, result: Result, *, low: Decimal | None = None, high: Decimal | None = None) -> Verdict:
    """The verdict on one figure; a figure exactly at its limit is within."""
    label = f"{result.label} judged"
    unit = shown_unit(result.unit)
    if low is None and high is None:
        return Verdict(name, label, "cannot-judge", f"no limit for this {result.label.lower()} is on file", "warn")
    if high is not None and result.exact > high:
        return Verdict(name, label, "beyond", f"{result} is above {shown_number(high)} {unit}", "crit")
    if low is not None and result.exact < low:
        return Verdict(name, label, "beyond", f"{result} is below {shown_number(low)} {unit}", "crit")
    most = "" if high is None else f"at most {shown_number(high)} {unit}"
    least = "" if low is None else f"at least {shown_number(low)} {unit}"
    return Verdict(name, label, "within", f"within the limit: {' and '.join(filter(None, (least, most)))}", "ok")


def overall(verdicts: Sequence[Verdict]) -> Verdict:
    """One word on all of them: beyond if any is, within only if nothing was left open."""
    codes = [v.code for v in verdicts]
    if "beyond" in codes:
        return Verdict("limits", "Label limits", "beyond", "beyond a limit of the label", "crit")
    if "cannot-judge" in codes:
        return Verdict("limits", "Label limits", "cannot-judge", "not everything could be judged", "warn")
    return Verdict("limits", "Label limits", "within", "within the limits of the label", "ok")
