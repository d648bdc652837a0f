# SPDX-License-Identifier: Apache-2.0
"""Kinds of cleaning. A sporicidal one counts as the day's too."""

from __future__ import annotations

from enum import StrEnum


class CleaningKind(StrEnum):
    DAILY = "daily"
    SPORICIDAL = "sporicidal"
