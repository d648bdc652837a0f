# SPDX-License-Identifier: Apache-2.0
"""The lowest point of a smooth function of a few numbers: Newton's steps, damped until they go down (Levenberg).

Binary floats on purpose, as in ``compartments``. A general optimiser would do as well and is the oracle in the tests;
loading one takes longer than everything else this program loads at its start.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

Vector = list[float]
Matrix = list[list[float]]
Objective = Callable[[Sequence[float]], float]

_STEP: Final = 1e-4  # of the numeric derivatives; the numbers searched are of the size of one
_STILL: Final = 1e-6
_ROUNDS: Final = 400
_PUSH: Final = 0.1
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Lowest:
    """Where the function is lowest, its value there, its curvature (second derivatives), and whether the search came to rest."""

    at: tuple[float, ...]
    value: float
    curvature: Matrix
    settled: bool


def lowest(objective: Objective, start: Sequence[float]) -> Lowest:
    """From ``start`` downhill. Not settled: no rest within four hundred rounds."""
    here, value, damping = list(start), objective(start), 1e-3
    slope, curvature = _shape(objective, here, value)
    for _ in range(_ROUNDS):
        if max(map(abs, slope)) < _STILL:
            if _is_a_bowl(curvature):
                return Lowest(tuple(here), value, curvature, True)
            here, damping = _off_the_saddle(here, curvature), 1e-3
            value = objective(here)
            slope, curvature = _shape(objective, here, value)
        there = [x - s for x, s in zip(here, _solved(_damped(curvature, damping), slope), strict=True)]
        found = objective(there)
        if found < value:
            here, value, damping = there, found, damping / 10
            slope, curvature = _shape(objective, here, value)
        elif damping > 1e12:
            return Lowest(tuple(here), value, curvature, max(map(abs, slope)) < _STILL * 1000 and _is_a_bowl(curvature))
        else:
            damping *= 10
    return Lowest(tuple(here), value, curvature, False)


def _is_a_bowl(curvature: Matrix) -> bool:
    """Whether it goes up to every side; a flat place is no lowest point."""
    return all(line[i] > 0 for i, line in enumerate(curvature))


def _off_the_saddle(here: Vector, curvature: Matrix) -> Vector:
    """A push along the number in which it bends down most."""
    place = min(range(len(here)), key=lambda i: curvature[i][i])
    return [x + _PUSH if i == place else x for i, x in enumerate(here)]


def _shape(objective: Objective, at: Vector, value: float) -> tuple[Vector, Matrix]:
    """Slope and curvature, by small steps to either side."""
    size = len(at)
    up = [objective(_moved(at, i)) for i in range(size)]
    down = [objective(_moved(at, i, sign=-1)) for i in range(size)]
    slope = [(u - d) / (2 * _STEP) for u, d in zip(up, down, strict=True)]
    curvature = [[0.0] * size for _ in range(size)]
    for i in range(size):
        curvature[i][i] = (up[i] - 2 * value + down[i]) / _STEP**2
        for j in range(i):
            both = objective(_moved(_moved(at, i), j))
            curvature[i][j] = curvature[j][i] = (both - up[i] - up[j] + value) / _STEP**2
    return slope, curvature


def _moved(at: Vector, place: int, *, sign: int = 1) -> Vector:
    return [x + sign * _STEP if i == place else x for i, x in enumerate(at)]


def _damped(curvature: Matrix, by: float) -> Matrix:
    return [[x + by * max(1.0, abs(x)) if i == j else x for j, x in enumerate(line)] for i, line in enumerate(curvature)]


def _solved(matrix: Matrix, right: Vector) -> Vector:
    """x with matrix · x = right, by elimination with the largest pivot first."""
    size = len(right)
    work = [[*line, r] for line, r in zip(matrix, right, strict=True)]
    for i in range(size):
        best = max(range(i, size), key=lambda j: abs(work[j][i]))
        work[i], work[best] = work[best], work[i]
        work[i][i] = work[i][i] or _TINY  # flat: a step so long that it is refused and damped
        for j in range(size):
            if j != i:
                factor = work[j][i] / work[i][i]
                work[j] = [a - factor * b for a, b in zip(work[j], work[i], strict=True)]
    return [work[i][size] / work[i][i] for i in range(size)]


def inverse_diagonal(matrix: Matrix) -> Vector:
    """The diagonal of the inverse, such as the variances that belong to a curvature."""
    size = len(matrix)
    return [_solved(matrix, [1.0 if j == i else 0.0 for j in range(size)])[i] for i in range(size)]
