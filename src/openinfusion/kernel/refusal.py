# SPDX-License-Identifier: Apache-2.0
"""How the house says no. Each error has one meaning and one translation at every edge."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something may not be done, in words the person at the desk reads.

    ``code`` is stable for tests and statistics; ``clears`` says who or what can clear it, if anything can.
    """

    code: str
    text: str
    clears: str = ""

    def __str__(self) -> str:
        return f"{self.text} ({self.clears})" if self.clears else self.text


class Refused(Exception):
    """A rule said no; nothing was changed. Carries every reason, not only the first. HTTP 409."""

    def __init__(self, *reasons: Reason) -> None:
        if not reasons:
            raise ValueError("a refusal needs a reason")
        super().__init__("; ".join(str(r) for r in reasons))
        self.reasons = reasons


class NotFound(Exception):
    """Not there, or not yours: the answer is the same. HTTP 404."""


class Stale(Exception):
    """Somebody changed it since you looked. HTTP 409 with the present version."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: where (a field or an element's path) and what to do about it."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path}: {self.text}" if self.path else self.text


class Malformed(Exception):
    """The input cannot be read. Every fault is named; nothing was saved. HTTP 422."""

    def __init__(self, *faults: Fault) -> None:
        if not faults:
            raise ValueError("a malformed input needs a fault")
        super().__init__("; ".join(str(f) for f in faults))
        self.faults = faults


class Unavailable(Exception):
    """Something outside the house failed; the work is kept and tried again. HTTP 503."""


class Broken(Exception):
    """An invariant of the house is false. HTTP 500 and an alarm; never caught to go on."""
