# SPDX-License-Identifier: Apache-2.0
"""How pages write what is longer than a few minutes."""
from __future__ import annotations

import pytest

from openinfusion.platform.ui.tags import lasting


@pytest.mark.parametrize(("minutes", "said"), [
    (0, "0 min"), (25, "25 min"), (60, "1 h"), (65, "1 h 5 min"), (1440, "1 d"), (3890, "2 d 16 h"), (1441, "1 d"),
])
def test_a_time_is_said_in_its_two_largest_units(minutes: int, said: str) -> None:
    assert lasting(minutes) == said
