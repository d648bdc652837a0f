# SPDX-License-Identifier: Apache-2.0
"""How CP-SAT is asked: seed, time, and the number of its workers."""

from __future__ import annotations

from typing import Any

from openinfusion.planning.adapters.effort import Effort

WORKERS = 8  # with fewer CP-SAT works without its large-neighbourhood searches and finds little, on one core too


def solver_for(effort: Effort, seconds: float) -> Any:
    """A solver that stops after so many seconds of the wall's clock."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = WORKERS, effort.seed
    solver.parameters.max_time_in_seconds = seconds
    return solver
