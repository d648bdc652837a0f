# SPDX-License-Identifier: Apache-2.0
"""The same hours asked off many times at once are off once; a section written by two at once is written upon once."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connection

from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.scope import entered
from openinfusion.team import public as team

TRIES = 6


def test_of_many_who_plan_the_same_hours_one_wins(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by, start, at = someone(*Role), threading.Barrier(TRIES), now() + timedelta(days=1)
    with entered(organization_id):
        nurse_id = team.add_person(email=f"off.{organization_id.hex}@example.org", name="Nan Race", roles=frozenset({Role.NURSE}), by=by)
    results = [""] * TRIES

    def off(n: int) -> None:
        try:
            start.wait(timeout=20)
            nursing.plan_time_of(nurse_id=nurse_id, kind="off", starts_at=at + timedelta(minutes=n),
                                 ends_at=at + timedelta(hours=1, minutes=n), by=by)
            results[n] = "won"
        except Refused as no:
            results[n] = no.reasons[0].code
        except Exception as trouble:
            results[n] = f"{type(trouble).__name__}: {trouble}"
        finally:
            connection.close()

    threads = [threading.Thread(target=off, args=(n,)) for n in range(TRIES)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(timeout=60)
    assert sorted(results) == ["overlaps"] * (TRIES - 1) + ["won"]
