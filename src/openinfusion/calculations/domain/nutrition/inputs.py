# SPDX-License-Identifier: Apache-2.0
"""What the sheets of parenteral nutrition ask for alike: weight, age, line, masses and volumes."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from openinfusion.calculations.domain.inputs import amount, choice

WEIGHT: Final = amount("weight", "kg", "0.3", "400", also={"lb": "0.45359237", "g": "0.001"}, label="Dosing weight")
AGE: Final = amount("age", "a", "0", "120", also={"mo": "1/12", "wk": "7/365.25", "d": "1/365.25"})
LINE: Final = choice("line", "peripheral", "central", label="Where the catheter ends")
DEXTROSE: Final = amount("dextrose", "g", "0", "2000", label="Dextrose (hydrous, as ordered)")
AMINO_ACIDS: Final = amount("amino_acids", "g", "0", "500")
LIPID: Final = amount("lipid", "g", "0", "500", label="Lipid")
VOLUME: Final = amount("volume", "mL", above="0", high="10000")

TENTH: Final = Decimal("0.1")
HUNDREDTH: Final = Decimal("0.01")
ONE: Final = Decimal(1)
MINUTES: Final = 60
ADULT_FROM: Final = 18
