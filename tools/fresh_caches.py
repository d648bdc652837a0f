# SPDX-License-Identifier: Apache-2.0
"""A pytest plugin for mutation testing: each run forgets what earlier runs have read, so that a changed reader is asked again."""

from __future__ import annotations

import sys


def pytest_sessionstart() -> None:
    """Clear every cache of the rules and calculations."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("openinfusion.clinical.domain", "openinfusion.calculations.domain", "openinfusion.kernel")):
            for value in vars(module).values():
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()
