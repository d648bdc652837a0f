# SPDX-License-Identifier: Apache-2.0
"""News of patients."""
from __future__ import annotations

from dataclasses import dataclass

from openinfusion.kernel.news import News


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartChanged(News):
    """Something clinical was recorded or corrected.

    ``what`` is allergy, condition, measurement, lab, medication, pregnancy or line.
    """

    what: str
