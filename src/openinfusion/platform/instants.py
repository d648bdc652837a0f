# SPDX-License-Identifier: Apache-2.0
"""Instants as the database sends them, read by the language's own parser instead of by a pattern."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import DataError
from psycopg.abc import Buffer
from psycopg.adapt import Loader


class InstantLoader(Loader):
    """A timestamp with time zone, in UTC. DataError for what no datetime can hold (infinity, years beyond 9999)."""

    timezone = UTC  # Django asks a loader which zone it answers in

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(str(data, "ascii")).astimezone(UTC)
        except ValueError as no:
            raise DataError(f"cannot hold the instant {bytes(data)!r}") from no


def read_instants(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Let a connection read its instants so; one that answers in another zone than UTC keeps the driver's way."""
    if connection.timezone == UTC:
        connection.connection.adapters.register_loader("timestamptz", InstantLoader)
