# SPDX-License-Identifier: Apache-2.0
"""The coded lists of interventions, teaching and events (data/support_codes.csv), and what people call about."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from openinfusion.clinical.domain.figures import DATA
from openinfusion.clinical.domain.policy import rows
from openinfusion.kernel.refusal import Fault, Malformed


@cache
def coded(kind: str) -> dict[str, str]:
    """One list: code to text, in reading order."""
    with (DATA / "support_codes.csv").open(newline="", encoding="utf-8") as file:
        return {r["code"]: r["text"] for r in csv.DictReader(file) if r["list"] == kind}


def check_code(kind: str, code: str, field: str) -> Fault | None:
    """The fault of a code that is not in its list."""
    return None if code in coded(kind) else Fault(field, f"“{code}” is not in the list; choose one of {', '.join(coded(kind))}")


def check(*faults: Fault | None) -> None:
    """Malformed with every fault there is."""
    if found := [f for f in faults if f is not None]:
        raise Malformed(*found)


def said(field: str, text: str, ask: str) -> Fault | None:
    """The fault of a field that says nothing."""
    return None if text.strip() else Fault(field, ask)


@dataclass(frozen=True, slots=True)
class Topic:
    """What a call is about; an urgent one is never settled by whoever picked up alone."""

    code: str
    text: str
    urgent: bool


@cache
def call_topics() -> dict[str, Topic]:
    return {r["code"]: Topic(r["code"], r["text"], r["urgent"]) for r in rows("call_topics")}
