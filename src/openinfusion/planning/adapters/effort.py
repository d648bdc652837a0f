# SPDX-License-Identifier: Apache-2.0
"""How long and from which seed a plan is searched."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Effort:
    """Seconds of ``clock``, and the seed. ``engine``: auto, or one solver alone (routes: insertion, vroom, pyvrp, order).

    ``cores``: of this machine to search on; a large day of routes uses several, by the wall's clock. The same seed gives the same
    plan where it gets as many steps on one core; seconds on another machine may be other steps.
    """

    seconds: float = 5
    seed: int = 1
    engine: str = "auto"
    clock: Clock = time.monotonic
    cores: int = 1
