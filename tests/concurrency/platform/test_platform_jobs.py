# SPDX-License-Identifier: Apache-2.0
"""Jobs: enqueued with the change or not at all, run in their organization, found again when a worker was killed."""
from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from openinfusion.platform import jobs
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.jobs import job, later
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import current_organization_id, entered

ran: list[tuple[UUID, str, int]] = []


@job("t.count")
def count(*, by: Actor, number: int) -> None:
    ran.append((current_organization_id(), by.name, number))


def work() -> None:
    with jobs.app.replace_connector(jobs.worker_connector()) as app:
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_a_job_runs_once_in_its_organization(committed, organization_id) -> None:
    ran.clear()
    with entered(organization_id):
        later(count, by=system_actor(organization_id), number=7)
    work()
    work()
    assert ran == [(organization_id, "OpenInfusion", 7)]


def test_a_job_of_a_change_that_was_undone_never_was(committed, organization_id) -> None:
    before = ProcrastinateJob.objects.count()
    with pytest.raises(ValueError, match="undone"), entered(organization_id):
        later(count, by=system_actor(organization_id), number=8)
        raise ValueError("undone")
    assert ProcrastinateJob.objects.count() == before


def test_the_job_of_a_killed_worker_is_run_again(committed, organization_id) -> None:
    ran.clear()
    with entered(organization_id):
        number = later(count, by=system_actor(organization_id), number=9)
    with connection.cursor() as cursor:  # as a worker leaves it that was killed in the middle: doing, its heartbeat long ago
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [now() - timedelta(hours=1)])
        [worker] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [worker, number])
    work()
    assert ran == []
    with jobs.app.replace_connector(jobs.worker_connector()):  # as inside a running worker
        assert asyncio.run(jobs.sweep_stalled()) == 1
    work()
    assert [n for _, _, n in ran] == [9]
