# SPDX-License-Identifier: Apache-2.0
"""The door of planning: problems, the plans that solve them, and the checks of plans."""

from __future__ import annotations

from openinfusion.planning.domain.vial_check import faults_of as vial_faults
from openinfusion.planning.domain.vial_habits import largest_first, one_size
from openinfusion.planning.domain.vial_problem import Dose, Draw, OpenedVial, Partial, VialPlan, VialProblem, VialSize
from openinfusion.planning.domain.vial_solver import plan_vials

__all__ = [
    "Dose", "Draw", "OpenedVial", "Partial", "VialPlan", "VialProblem", "VialSize", "largest_first", "one_size",
    "plan_vials", "vial_faults",
]
