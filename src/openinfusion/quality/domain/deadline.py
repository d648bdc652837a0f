# SPDX-License-Identifier: Apache-2.0
"""By when an incident is to be investigated and an action done, unless somebody says otherwise."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

from openinfusion.kernel.figures import rows


@cache
def _days(name: str) -> int:
    return int(next(r["value"] for r in rows(__package__, "days.toml") if r["name"] == name))


def investigate_by(opened_on: date) -> date:
    """The day by which the cause should be known."""
    return opened_on + timedelta(days=_days("investigate_days"))


def act_by(planned_on: date) -> date:
    """The day by which an action should be done."""
    return planned_on + timedelta(days=_days("action_days"))
