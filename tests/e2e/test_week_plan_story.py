# SPDX-License-Identifier: Apache-2.0
"""A week of nurses in a real browser: asked for, worked out by a worker, explained, moved by hand, accepted, on the nurse's list."""
from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from openinfusion.dispatch.models import DayPlan
from openinfusion.dispatch.queries.plan import people_lines
from openinfusion.kernel.roles import Role
from openinfusion.nursing import public as nursing
from openinfusion.nursing.models import NurseVisit
from openinfusion.patients import public as patients
from openinfusion.patients.public import Address, Demographics, Sex
from openinfusion.platform import jobs
from openinfusion.platform.scope import entered
from openinfusion.sites import public as sites
from openinfusion.team import public as team
from openinfusion.team.domain.competency import requirements
from openinfusion.therapy import public as therapy

DAYS = 3


@pytest.fixture
def wanted(pharmacy: Any) -> list[UUID]:
    """Four visits of four patients, which any day of the week will do for; a second nurse who may make them."""
    a, made = pharmacy.actors, []
    with entered(pharmacy.organization_id):
        _another_nurse(pharmacy)
        for n, name in enumerate(("Arden", "Birch", "Cedar", "Dogwood"), 1):
            patient_id = patients.register(demographics=Demographics(
                name, "Sam", date(1960, 1, n), Sex.FEMALE, Address(f"{n} Sample Way", "", "Springfield", "IL", "62701")), by=a["intake"])
            course = therapy.begin_therapy(
                patient_id=patient_id, drug_code="ceftriaxone", therapy_class="", diagnosis="M86.9", site_id=pharmacy.site_id,
                prescriber="Lena Fictional, MD", start_on=pharmacy.today, by=a["intake"])
            visit_id = nursing.request_visit(therapy_id=course, purpose="line care", by=a["nurse_manager"])
            first = pharmacy.today + timedelta(days=1)
            nursing.choose_days(visit_id=visit_id, earliest_on=first, latest_on=first + timedelta(days=DAYS - 1), by=a["nurse_manager"])
            made.append(visit_id)
    return made


def _another_nurse(pharmacy: Any) -> None:
    a = pharmacy.actors
    id = team.add_person(email=f"other.{pharmacy.organization_id.hex}@example.org", name="Olga Other", roles=frozenset({Role.NURSE}),
                         by=a["administrator"], home_site_id=pharmacy.site_id)
    for one in requirements():
        if one.task == "infusion_nursing":
            team.record_competency(user_id=id, element=one.element, on=pharmacy.today, passed=True, by=a["nurse_manager"])
    team.record_credential(user_id=id, kind="nurse", state="IL", number="041-0010", expires_on=pharmacy.today + timedelta(days=90),
                           by=a["administrator"])


def work() -> None:
    """A worker takes what is queued and goes home; in a thread of its own, for the browser's loop runs in this one."""
    def run() -> None:
        with jobs.app.replace_connector(jobs.worker_connector()) as app:
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(120)
    assert not thread.is_alive()


def test_a_week_from_the_question_to_the_nurses_list(
    visitor: Callable[..., Any], pharmacy: Any, wanted: list[UUID], tell_news: Callable[[], int], troubles: list[str],
) -> None:
    first = pharmacy.today + timedelta(days=1)
    manager = visitor("nurse_manager")
    manager.go(f"/dispatch/?kind=nurses&site={pharmacy.site_id}&day={first}")
    assert "This day is not planned" in manager.text() and "ARDEN" in manager.text()
    manager.submit("form[action$='/dispatch/plan/']", {
        "kind": "nurses", "site": str(pharmacy.site_id), "day": str(first), "last_day": str(first + timedelta(days=DAYS - 1)), "seconds": 1})
    assert "This is being worked out" in manager.text()
    tell_news()
    work()
    manager.page.get_by_text("The days at a glance").wait_for()  # the page asks by itself until it is there
    manager.look()
    assert "separate check found nothing" in manager.text() and "no place" not in manager.text()
    with entered(pharmacy.organization_id):
        (row,) = DayPlan.objects.all()
        stands = {c.id: (c.name, p.name) for p in people_lines(row) for c in p.calls}
        mine = next(n for n, p in row.people.items() if p["id"] == str(pharmacy.actors["nurse"].id))
        chosen = next((i for i in wanted if stands[i][1] != mine), wanted[0])  # so that the nurse has a visit whatever the plan was
        (name, here), people = stands[chosen], sorted(row.people)
        there = next(p for p in people if p != here) if here == mine else mine
    assert (row.state, row.last_day - row.day) == ("proposed", timedelta(days=DAYS - 1))
    manager.follow(manager.page.get_by_role("link", name=name, exact=True))
    assert "What anybody else would cost" in manager.text()
    assert manager.page.locator("dd b").first.inner_text() == here
    manager.act("Move and pin it", {"person": there})
    tell_news()
    work()
    manager.page.get_by_text("What changes").wait_for()
    manager.look()
    assert name in manager.page.get_by_role("region", name="What changes").inner_text() and "pinned" in manager.text()
    with entered(pharmacy.organization_id):
        assert not NurseVisit.objects.filter(state="offered").exists(), "a proposal gives nothing out"
    manager.act("Accept and give out")
    assert "accepted" in manager.text()
    with entered(pharmacy.organization_id):
        given = {v.id: v for v in NurseVisit.objects.filter(pk__in=wanted)}
        assert {v.state for v in given.values()} == {"offered"} and given[chosen].nurse_name == there
        zone = ZoneInfo(sites.zone_of(pharmacy.site_id))
        assert all(first <= v.planned_start.astimezone(zone).date() < first + timedelta(days=DAYS) for v in given.values())
    manager.go(f"/dispatch/?kind=nurses&site={pharmacy.site_id}&day={first}")
    assert "This day is not planned" not in manager.text()
    nurse = visitor("nurse", phone=True)
    nurse.go("/nursing/")
    own = [v.number for v in given.values() if v.nurse == pharmacy.actors["nurse"].id]
    assert own and all(number in nurse.page.content() for number in own)
    assert troubles == []
