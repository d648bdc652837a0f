# SPDX-License-Identifier: Apache-2.0
"""A worker's compiled code is ready before the first question; without the packages nothing is asked of them."""
from __future__ import annotations

import importlib.util

import pytest

from openinfusion.planning.public import warm


def test_every_kernel_is_run_once() -> None:
    assert warm() == ("routes", "suites", "batches")


def test_without_the_packages_there_is_nothing_to_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert warm() == ()
