# SPDX-License-Identifier: Apache-2.0
"""Which drugs are controlled substances, and in which schedule."""
from __future__ import annotations

from dataclasses import dataclass

from openinfusion.kernel.standing import Source


@dataclass(frozen=True, slots=True)
class Controlled:
    """A controlled drug: schedule CII to CV; ``narcotic`` decides rules of prescriptions and reports."""

    drug_code: str
    schedule: str
    narcotic: bool
    source: Source
