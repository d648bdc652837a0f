# SPDX-License-Identifier: Apache-2.0
"""What a vancomycin AUC24 means: the range of the 2020 consensus, said in words beside every figure."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from openinfusion.calculations.domain.calculation import Verdict
from openinfusion.calculations.domain.figures import row
from openinfusion.calculations.domain.inputs import amount
from openinfusion.kernel.standing import Source

AREA: Final = "mg.h/L"
TARGET: Final = amount("target_auc", AREA, "100", "1000", label="Target AUC24", note="the site's policy if left out")
WHOLE: Final = Decimal(1)
TENTH: Final = Decimal("0.1")
HUNDREDTH: Final = Decimal("0.01")
FINE: Final = Decimal("0.0001")


def target_area(asked: Decimal | None) -> Decimal:
    """The AUC24 that was asked for, or the site's."""
    return asked or row("vancomycin", name="target").figure("aim")


def judged(area: Decimal) -> Verdict:
    """Below, within or above 400 to 600 mg·h/L; further above, where kidney injury becomes more likely."""
    range_ = row("vancomycin", name="target")
    if area < range_.figure("low"):
        return Verdict("target", "Against the target", "below", f"below {range_['low']} mg·h/L", "warn")
    if area <= range_.figure("high"):
        return Verdict("target", "Against the target", "within", f"within {range_['low']} to {range_['high']} mg·h/L", "ok")
    if area <= range_.figure("injury_above"):
        return Verdict("target", "Against the target", "above", f"above {range_['high']} mg·h/L", "warn")
    text = f"above {range_['injury_above']} mg·h/L, where kidney injury becomes more likely"
    return Verdict("target", "Against the target", "injury", text, "crit")


def target_source() -> Source:
    return row("vancomycin", name="target").source
