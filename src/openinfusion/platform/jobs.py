# SPDX-License-Identifier: Apache-2.0
"""Jobs: work that outlives a request, kept in the same database and enqueued in the same transaction.

Only this module knows the queue. A job runs in one organization's scope, in the name of the house. All jobs must be
idempotent: a killed worker's job is found by its missing heartbeat and run again by the sweeper.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import structlog
from procrastinate import App, BaseConnector
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job

from openinfusion.platform import news
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.models import Organization
from openinfusion.platform.permissions import system_actor
from openinfusion.platform.scope import entered

log = structlog.get_logger(__name__)
app: App = django_app
Work = Callable[..., Any]
STALLED_AFTER_SECONDS = 60


def job(name: str, *, attempts: int = 3) -> Callable[[Work], Work]:
    """Make a function a job: ``@job("billing.send") def send(*, by, claim_id): ...``; run it with `later`."""

    def register(work: Work) -> Work:
        def run(organization: str, **kwargs: Any) -> Any:
            organization_id = UUID(organization)
            with entered(organization_id):
                return work(by=system_actor(organization_id), **kwargs)

        app.task(name=name, retry=attempts)(run)
        work.job_name = name  # type: ignore[attr-defined]
        return work

    return register


def later(work: Work, *, by: Actor, **kwargs: Any) -> int:
    """Enqueue a job in this transaction; the job's number. Arguments are JSON values."""
    deferrer = app.configure_task(work.job_name)  # type: ignore[attr-defined]
    return deferrer.defer(organization=str(by.organization_id), **kwargs)


def every(cron: str, name: str) -> Callable[[Work], Work]:
    """Run a function on a schedule (UTC), once for each organization: ``@every("0 2 * * *", "x.nightly")``."""

    def register(work: Work) -> Work:
        job(name)(work)

        def fan_out(timestamp: int) -> None:
            for organization_id in organizations():
                app.configure_task(name, queueing_lock=f"{name} {organization_id} {timestamp}").defer(
                    organization=str(organization_id),
                )

        app.periodic(cron=cron)(app.task(name=f"{name}.each")(fan_out))
        return work

    return register


def organizations() -> list[UUID]:
    return list(Organization.objects.values_list("id", flat=True))


async def sweep_stalled() -> int:
    """Put the jobs of a killed worker back into the queue; how many."""
    with app.replace_connector(worker_connector()) as own:
        async with own.open_async():
            stalled: list[Job] = list(await own.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS))
            for one in stalled:
                log.warning("job_stalled", job=one.id, task=one.task_name)
                await own.job_manager.retry_job(one, retry_at=now())
            return len(stalled)


def worker_connector() -> BaseConnector:
    """A connector for a worker: its own connections, since it listens for jobs. A worker's sweeper asks for one too."""
    return DjangoConnector(alias="default").get_worker_connector()


def sweep_news() -> int:
    """Tell news that was committed and not told, in every organization; how many."""
    return sum(news.sweep(organization_id) for organization_id in organizations())
