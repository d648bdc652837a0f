# SPDX-License-Identifier: Apache-2.0
"""The days of several branches asked for at once and worked out by two workers, each of them once."""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from openinfusion.catalog import public as catalog
from openinfusion.delivery.models import DeliveryRoute
from openinfusion.dispatch.actions.branches import ask_for_branches
from openinfusion.dispatch.jobs import propose_tomorrow
from openinfusion.dispatch.models import DayPlan, PlanCover
from openinfusion.dispatch.public import PlanKind, ask_for_plan, people_lines
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now, today
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements
from openinfusion.therapy import public as therapy

BRANCHES, VISITS = 3, 4
PHARMACY = {
    "legal_name": "Sample Infusion Pharmacy LLC", "npi": "1999999984", "tax_id": "99-9999999", "taxonomy": "3336H0001X",
    "street": "1 Sample Way", "city": "Springfield", "state_code": "IL", "zip_code": "62701", "phone": "555-0100",
    "pharmacist_in_charge": "Pat Fictional",
}
WORKER = """
import django, sys
django.setup()
from openinfusion.platform import jobs
with jobs.app.replace_connector(jobs.worker_connector()) as app:
    app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, name=sys.argv[1])
"""


def test_two_workers_work_several_branches_out_each_once(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by, day = someone(*Role), today("America/Chicago") + timedelta(days=1)
    with entered(organization_id):
        ids = _branches(by, organization_id)
        asked = ask_for_branches(kinds=[PlanKind.NURSES], day=day, by=by, seconds=2)
        again = ask_for_branches(kinds=[PlanKind.NURSES], day=day, by=by, seconds=2)
        nothing = ask_for_branches(kinds=[PlanKind.DRIVERS], day=day, by=by)
    assert [a.site_id for a in asked if a.plan_id] == [i for i in (a.site_id for a in asked) if i in ids] and len(ids) == BRANCHES
    assert [a.plan_id for a in again] == [a.plan_id for a in asked], "the same question is one plan"
    assert all(a.plan_id is None and "nothing is to be planned" in a.why_not for a in nothing), "one that cannot stops no other"
    _two_workers()
    with entered(organization_id):
        plans = {p.site_id: p for p in DayPlan.objects.filter(site_id__in=ids)}
        assert [plans[i].state for i in ids] == ["proposed"] * BRANCHES
        assert all(sum(len(p.calls) for p in people_lines(plans[i])) == VISITS for i in ids) and all(plans[i].faults == [] for i in ids)
        done = ProcrastinateJob.objects.filter(task_name="dispatch.solve", args__plan_id__in=[str(p.id) for p in plans.values()])
        assert [j.status for j in done] == ["succeeded"] * BRANCHES
        assert not DeliveryRoute.objects.exists(), "nothing is given out before somebody accepts"


def test_tomorrow_is_asked_for_by_itself_where_nothing_stands(
    committed: None, organization_id: UUID, someone: Callable[..., Actor],
) -> None:
    by = someone(*Role)
    with entered(organization_id):
        ids = _branches(by, organization_id)
        day = today("America/Chicago") + timedelta(days=1)
        assert propose_tomorrow(by) == 0, "nobody works by plans here"
        ask_for_plan(kind=PlanKind.NURSES, site_id=ids[0], day=day, seconds=2, by=by)
        for site_id in ids[:2]:  # these two do
            done = DayPlan.objects.create(
                site_id=site_id, sites=[site_id], day=day - timedelta(days=9), last_day=day - timedelta(days=9), kind="nurses", sha256="x",
                seconds=1, problem={}, tasks={}, people={}, asked_by=by.id, asker_name=by.name, accepted_at=now())
            PlanCover.objects.create(plan=done, site_id=site_id, day=done.day, kind="nurses")
        assert propose_tomorrow(by) == 1 and propose_tomorrow(by) == 0
        assert sorted(DayPlan.objects.filter(day=day).values_list("site_id", flat=True)) == sorted(ids[:2])


def _two_workers() -> None:
    """Two processes of their own, as on two machines that reach the database."""
    here = {**settings.OWNER, "NAME": connection.settings_dict["NAME"]}
    who = f"{quote(here['USER'])}:{quote(here['PASSWORD'])}"
    at = f"{here['HOST']}:{here['PORT']}" if here["PORT"] else ""
    url = f"postgresql://{who}@{at}/{here['NAME']}?{urlencode({'host': here['HOST']})}"
    environment = os.environ | {"DATABASE_URL": url}
    found = [subprocess.Popen([sys.executable, "-c", WORKER, f"worker {n}"], env=environment, stderr=subprocess.PIPE, text=True)
             for n in range(2)]
    for one in found:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said[-2000:]


def _branches(by: Actor, organization_id: UUID) -> list[UUID]:
    """Pharmacies in one town, each with a nurse of its own and visits to make."""
    catalog.load_catalog(by=by)
    ids = []
    for n in range(BRANCHES):
        site_id = sites.open_site(name=f"Branch {n}", kind="pharmacy", timezone="America/Chicago", details=PHARMACY, by=by)
        nurse_id = team.add_person(email=f"n{n}.{organization_id.hex}@example.org", name=f"Nan {n}", roles=frozenset({Role.NURSE}),
                                   home_site_id=site_id, by=by)
        for one in requirements():
            if one.task == "infusion_nursing":
                team.record_competency(user_id=nurse_id, element=one.element, on=today("America/Chicago"), passed=True, by=by)
        team.record_credential(user_id=nurse_id, kind="nurse", state="IL", number=f"041-{n}",
                               expires_on=today("America/Chicago") + timedelta(days=90), by=by)
        patient_id = patients.register(demographics=Demographics(
            f"Branch{n}", "Ada", date(1970, 1, 1), Sex.FEMALE, Address("1 Sample Way", "", "Springfield", "IL", f"6270{n + 1}")), by=by)
        therapy_id = therapy.begin_therapy(
            patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.9", site_id=site_id,
            prescriber="Lena Fictional, MD", start_on=today("America/Chicago"), by=by)
        for k in range(VISITS):
            nursing.request_visit(therapy_id=therapy_id, purpose=f"visit {k}", by=by)
        ids.append(site_id)
    return ids
