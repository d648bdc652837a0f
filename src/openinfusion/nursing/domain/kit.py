# SPDX-License-Identifier: Apache-2.0
"""The anaphylaxis kit as it was found: at hand and in date, else what was done is done against a stop, and looked into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openinfusion.kernel.refusal import Reason


def kit_reasons(values: Mapping[str, Any], on: date) -> Sequence[Reason]:
    """What speaks against going on with the kit as it is on a day: none at hand, or an item that has expired."""
    if values.get("kit_on_hand") == "no":
        return [Reason("no-kit", "no anaphylaxis kit is at hand", "get one before anything is given, or call the pharmacist")]
    until = str(values.get("kit_expires_on") or "")
    if until and date.fromisoformat(until) < on:
        text = f"an item of the anaphylaxis kit expired on {date.fromisoformat(until):%d-%b-%Y}"
        return [Reason("kit-expired", text, "get another before anything is given, or call the pharmacist")]
    return []
