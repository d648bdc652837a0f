# SPDX-License-Identifier: Apache-2.0
"""A test of a person: plates, growth and score, judged by the figures on file besides the observer's word."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from openinfusion.kernel.figures import rows
from openinfusion.kernel.standing import Source, Standing


@dataclass(frozen=True, slots=True)
class Trial:
    """What was counted; None where it was not part of the test."""

    left_cfu: int | None = None
    right_cfu: int | None = None
    surface_cfu: int | None = None
    growth: bool | None = None  # in the filled media

    @property
    def fingertips(self) -> int | None:
        """Both hands together; None unless both were read."""
        return None if self.left_cfu is None or self.right_cfu is None else self.left_cfu + self.right_cfu


@dataclass(frozen=True, slots=True)
class TrialLimit:
    """A measure of an element fails when it is greater than this."""

    element: str
    measure: str
    more_than: int
    unit: str
    source: Source


@cache
def trial_limits() -> tuple[TrialLimit, ...]:
    """All rows of test_limits.toml."""
    return tuple(
        TrialLimit(
            r["element"],
            r["measure"],
            r["more_than"],
            r["unit"],
            Source(r["source"], r["effective_from"], Standing(r["status"])),
        )
        for r in rows(__package__, "data/test_limits.toml")
    )


def failings(element: str, trial: Trial) -> tuple[str, ...]:
    """Why this test does not pass by its counts; nothing where it does."""
    counted = {"fingertips": trial.fingertips, "surface": trial.surface_cfu}
    found = [
        f"{count} {limit.unit} is over {limit.more_than}"
        for limit in trial_limits()
        if limit.element == element and (count := counted[limit.measure]) is not None and count > limit.more_than
    ]
    if trial.growth:
        found.append("the filled media grew")
    return tuple(found)


def half_read(trial: Trial) -> bool:
    """Whether only one hand was read: a fingertip test has two."""
    return (trial.left_cfu is None) != (trial.right_cfu is None)
