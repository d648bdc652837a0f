# SPDX-License-Identifier: Apache-2.0
"""The lights of a slot in a suite: drug, authorization, labs, order, nurse, chair. Each yes, no or unknown, with its reason."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Ready:
    """One light. ``why`` is the reason in words, ``link`` where it is put right. What cannot be judged is unknown."""

    code: str
    title: str
    standing: Standing
    why: str
    link: str = ""

    @property
    def tone(self) -> str:
        """How the light is coloured."""
        return {Standing.YES: "ok", Standing.NO: "crit", Standing.UNKNOWN: "warn"}[self.standing]


def light(ready: Sequence[Ready]) -> Standing:
    """The one light of a slot: no where anything is missing, unknown where anything is not known, else yes."""
    found = {r.standing for r in ready}
    if Standing.NO in found:
        return Standing.NO
    return Standing.UNKNOWN if Standing.UNKNOWN in found or not found else Standing.YES
