# SPDX-License-Identifier: Apache-2.0
"""The openinfusion command. Exit codes: 0 done, 1 something is wrong (said on standard error), 2 wrong use."""

from __future__ import annotations

from openinfusion.commands.main import main

__all__ = ["main"]
