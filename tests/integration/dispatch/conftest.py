# SPDX-License-Identifier: Apache-2.0
"""Days are planned by insertion here, which takes milliseconds; what the solvers are worth is tested in planning."""
from __future__ import annotations

import pytest

from openinfusion.planning import public as planning


@pytest.fixture(autouse=True)
def quick_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "openinfusion.dispatch.actions.ask.effort_of", lambda row: planning.Effort(row.seconds, row.seed, engine="insertion")
    )
