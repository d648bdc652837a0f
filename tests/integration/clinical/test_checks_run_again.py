# SPDX-License-Identifier: Apache-2.0
"""What becomes known later is judged at once: a verified order goes back, nothing is said twice, a wolf is silenced by two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from openinfusion.clinical import public as clinical
from openinfusion.clinical.actions.rules import advance_rule
from openinfusion.clinical.actions.watch import changed, end_firings, run_checks
from openinfusion.clinical.jobs import review_nightly
from openinfusion.clinical.models import Firing, Review, RuleStanding, Trigger
from openinfusion.clinical.queries import retired_rules, rule_facts
from openinfusion.compounding import public as compounding
from openinfusion.kernel.refusal import Refused
from openinfusion.kernel.roles import Role
from openinfusion.patients import public as patients
from openinfusion.platform.permissions import system_actor
from openinfusion.therapy import public as therapy


def codes(no: Any) -> set[str]:
    return {r.code for r in no.value.reasons}


def test_a_new_allergy_sends_a_verified_order_back_and_stops_the_bench(bench: Any, tell_news: Callable[[], None]) -> None:
    prescription_id = bench.prescription()
    bench.verify(prescription_id)
    tell_news()
    work_order = compounding.work_orders_of(prescription_id)[0]
    patients.record_allergy(
        patient_id=therapy.prescription(prescription_id).patient_id, substance="ceftriaxone", reaction="anaphylaxis",
        severity="anaphylaxis", by=bench.pharmacist,
    )
    tell_news()
    assert not clinical.verified(prescription_id)
    assert Review.objects.get(prescription_id=prescription_id).state == "waiting"
    fired = Firing.objects.get(prescription_id=prescription_id, code="allergy-same-drug")
    assert (fired.tier, fired.trigger, fired.outcome) == ("hard", "allergy", "open")
    with pytest.raises(Refused) as no:
        compounding.advance_work_order(work_order_id=work_order.id, step="release", by=bench.pharmacist)
    assert codes(no) & {"order-not-verified", "verification-reopened"}


def test_the_same_finding_on_the_same_facts_fires_once(bench: Any, tell_news: Callable[[], None]) -> None:
    prescription_id = bench.prescription()
    tell_news()
    before = Firing.objects.filter(prescription_id=prescription_id).count()
    assert run_checks(prescription_id=prescription_id, trigger=Trigger.NIGHTLY, by=bench.pharmacist) == 0
    assert Firing.objects.filter(prescription_id=prescription_id).count() == before
    assert changed(therapy.prescriptions([prescription_id])) == []


def test_what_is_gone_is_cleared_as_acted_on(bench: Any, tell_news: Callable[[], None]) -> None:
    prescription_id = bench.prescription()
    tell_news()
    patient_id = therapy.prescription(prescription_id).patient_id
    allergy_id = patients.record_allergy(
        patient_id=patient_id, substance="ceftriaxone", reaction="hives", severity="moderate", by=bench.pharmacist
    )
    tell_news()
    patients.mark_entered_in_error(kind="allergy", entry_id=allergy_id, reason="another patient's", by=bench.pharmacist)
    tell_news()
    fired = Firing.objects.get(prescription_id=prescription_id, code="allergy-same-drug")
    assert fired.cleared_at and fired.outcome == "acted"


def test_what_fires_on_other_facts_ran_its_course_or_was_silenced_is_not_counted_as_acted_on(bench: Any, tell_news: Any) -> None:
    prescription_id = bench.prescription()
    tell_news()
    patient_id = therapy.prescription(prescription_id).patient_id

    def fired(code: str) -> Firing:
        row = Firing(patient_id=patient_id, prescription_id=prescription_id, rule="x", code=code, tier="soft", title=code)
        row.text, row.fingerprint, row.trigger = "", f"{code} on facts that are gone", "nightly"
        row.save()
        return row

    standing = Firing.objects.filter(prescription_id=prescription_id).first()
    assert standing is not None
    again = fired(standing.code)
    silenced, acted = fired("wolf"), fired("mended")
    advance_rule(code="wolf", step="propose", reason="never right", by=bench.pharmacist)
    advance_rule(code="wolf", step="confirm", by=bench.second_pharmacist.signing("password"))
    run_checks(prescription_id=prescription_id, trigger=Trigger.NIGHTLY, by=bench.pharmacist)
    for row, outcome in ((again, "open"), (silenced, "open"), (acted, "acted")):
        row.refresh_from_db()
        assert row.cleared_at and row.outcome == outcome, row.code
    last = fired("last")
    end_firings(prescription_id=prescription_id, ending="completed", by=bench.pharmacist)
    last.refresh_from_db()
    assert last.cleared_at and last.outcome == "open"


def test_the_night_finds_what_nobody_told(bench: Any, tell_news: Callable[[], None]) -> None:
    prescription_id = bench.prescription()
    tell_news()
    by = system_actor(bench.pharmacist.organization_id)
    assert review_nightly(by) == 0
    Firing.objects.filter(prescription_id=prescription_id).update(fingerprint="of other facts")
    had = Firing.objects.filter(prescription_id=prescription_id).count()
    assert review_nightly(by) == (1 if had else 0)
    assert review_nightly(by) == 0


def test_a_rule_is_retired_by_two_and_never_a_hard_stop(bench: Any, someone: Callable[..., Any], tell_news: Any) -> None:
    prescription_id = bench.prescription()
    tell_news()
    patient_id = therapy.prescription(prescription_id).patient_id
    row = Firing(patient_id=patient_id, prescription_id=prescription_id, rule="x", tier="soft", title="wolf", text="")
    row.code, row.fingerprint, row.trigger = "wolf", "w", "nightly"
    row.save()
    other = someone(Role.PHARMACIST)
    advance_rule(code="wolf", step="propose", reason="never right", by=bench.pharmacist)
    with pytest.raises(Refused) as no:
        advance_rule(code="wolf", step="confirm", by=bench.pharmacist.signing("password"))
    assert codes(no) == {"own-proposal"} and retired_rules() == frozenset()
    advance_rule(code="wolf", step="confirm", by=other.signing("password"))
    assert retired_rules() == {"wolf"} and rule_facts("wolf")[0].state == "retired"
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleStanding.objects.filter(code="wolf").update(confirmed_by=bench.pharmacist.id)
    Firing.objects.filter(code="wolf").update(tier="hard")
    advance_rule(code="wolf", step="restore", reason="it stops hard now", by=other)
    with pytest.raises(Refused) as no:
        advance_rule(code="wolf", step="propose", reason="again", by=other)
    assert codes(no) == {"hard-rule"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Firing.objects.filter(code="wolf").update(outcome="overridden")


def test_the_rules_page_shows_rates(bench: Any, account: Callable[..., Any], tell_news: Any) -> None:
    bench.prescription()
    tell_news()
    client = Client()
    client.force_login(account(Role.PHARMACIST))
    page = client.get("/clinical/rules/")
    assert page.status_code == 200 and "Rules of the checks" in page.content.decode()
