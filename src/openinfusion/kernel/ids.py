# SPDX-License-Identifier: Apache-2.0
"""Identifiers: UUIDv7, so that a row's id sorts by the time it was made and tells nothing else."""

from __future__ import annotations

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """A fresh, time-ordered identifier, the same on every PostgreSQL version."""
    return uuid7()
