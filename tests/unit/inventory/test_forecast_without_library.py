# SPDX-License-Identifier: Apache-2.0
"""Without the forecasting library a plain mean is taken and says that it is one."""

from __future__ import annotations

import importlib.util
from decimal import Decimal as D

import pytest

from openinfusion.inventory.adapters.forecast import forecast


def test_the_plain_mean_says_why_it_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said = forecast({"long": [D(5)] * 20, "short": [D(4), D(6)], "none": []})
    assert (said["long"].weekly, said["long"].method) == (D(5), "mean, as the forecasting library is not installed")
    assert (said["short"].weekly, said["short"].method) == (D(5), "mean") and said["none"].weekly == 0
