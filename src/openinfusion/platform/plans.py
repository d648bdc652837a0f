# SPDX-License-Identifier: Apache-2.0
"""The plans that a connection keeps: of all our statements, and over a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg._preparing import Prepare, PrepareManager
from psycopg.pq.abc import PGresult

PLANS_KEPT = 1000
_TABLES_CHANGED = re.compile(rb"(?:DROP|ALTER|DISCARD ALL|DEALLOCATE ALL)\b")


class KeptPlans(PrepareManager):
    """Plans that outlive a refusal.

    The driver forgets all its prepared statements at every ROLLBACK, also to a savepoint, for fear that a table made in
    between is gone. The server keeps them, and tables are only made by migrations; a refusal would cost every plan.
    """

    prepared_max = PLANS_KEPT

    def _should_discard(self, prep: Prepare, results: Sequence[PGresult], *_: object) -> bool:
        if any(_TABLES_CHANGED.match(result.command_status or b"") for result in results):
            return self.clear()
        return False


def keep_plans(connection: BaseDatabaseWrapper, **_: object) -> None:
    """Let a connection keep the plans of all our statements: the driver's hundred would be thrown out in turn.

    One that comes back from the pool has its plans already, here and on the server.
    """
    driver = connection.connection
    if isinstance(driver._prepared, KeptPlans):
        return
    plans = KeptPlans()
    plans.prepare_threshold = driver.prepare_threshold
    driver._prepared = plans
