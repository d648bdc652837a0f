# SPDX-License-Identifier: Apache-2.0
"""An unsigned plan is chased until it is signed; a changed order outdates the signature; vague words are refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from openinfusion.kernel.refusal import Malformed, Refused
from openinfusion.kernel.waiting import EVERYTHING, Ask
from openinfusion.platform.clock import now, today
from openinfusion.platform.journal import timeline
from openinfusion.therapy import public as therapy
from openinfusion.therapy.models import PlanOfTreatment
from openinfusion.therapy.public import PlanText

PLAN = PlanText(
    treatment_type="home infusion of ceftriaxone through a PICC", amount="2 g per dose", duration="14 days",
    frequency="every 24 hours", visits="1 visit a week",
)


def sent(bench: Any) -> tuple[Any, Any]:
    therapy_id = therapy.prescription(bench.prescription()).therapy_id
    plan_id = therapy.write_plan(therapy_id=therapy_id, plan=PLAN, by=bench.intake)
    therapy.send_plan(plan_id=plan_id, by=bench.intake)
    return therapy_id, plan_id


def chases(by: Any, ask: Ask = EVERYTHING) -> list[Any]:
    return [w for w in therapy.waiting(by, ask).rows if w.kind == "Signature to chase"]


def test_an_unsigned_plan_is_in_the_queue_after_seven_days_and_again_three_days_after_each_attempt(bench: Any) -> None:
    _, plan_id = sent(bench)
    assert chases(bench.intake) == []
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        (row,) = chases(bench.intake, Ask(roles=frozenset({"intake"})))
        assert row.missing == ("signature of Lena Fictional, MD",) and row.due_at <= now()
        therapy.chase_plan(plan_id=plan_id, channel="telephone", spoke_with="front desk", result="faxed again", by=bench.intake)
        assert chases(bench.intake) == []
        assert "asked for the signature" in timeline(subject_id=plan_id)[0].sentence
    with time_machine.travel(now() + timedelta(days=10, minutes=2)):
        assert len(chases(bench.intake)) == 1
        therapy.chase_plan(plan_id=plan_id, channel="fax", result="no answer", by=bench.intake)
        assert [a.result for a in therapy.attempts_of(plan_id)] == ["no answer", "faxed again"]


def test_only_a_sent_plan_is_chased_and_an_attempt_says_what_came_of_it(bench: Any) -> None:
    therapy_id = therapy.prescription(bench.prescription()).therapy_id
    plan_id = therapy.write_plan(therapy_id=therapy_id, plan=PLAN, by=bench.intake)
    with pytest.raises(Refused, match="only one that was sent"):
        therapy.chase_plan(plan_id=plan_id, channel="fax", result="sent", by=bench.intake)
    therapy.send_plan(plan_id=plan_id, by=bench.intake)
    with pytest.raises(Malformed, match="what came of"):
        therapy.chase_plan(plan_id=plan_id, channel="fax", result=" ", by=bench.intake)
    assert therapy.attempts_of(plan_id) == []
    therapy.sign_plan(plan_id=plan_id, signer_name="Lena Fictional, MD", signed_on=today("America/Chicago"), by=bench.intake)
    with time_machine.travel(now() + timedelta(days=30)):
        assert chases(bench.intake) == []


def test_a_changed_order_writes_the_next_plan_which_must_be_signed_again(bench: Any) -> None:
    therapy_id, plan_id = sent(bench)
    therapy.sign_plan(plan_id=plan_id, signer_name="Lena Fictional, MD", signed_on=today("America/Chicago"), by=bench.intake)
    prescription_id = therapy.prescriptions_of(therapy_id)[0].id
    therapy.revise_prescription(prescription_id=prescription_id, order=bench.order(days=21), reason="longer", by=bench.technician)
    plan = therapy.plan_of_treatment(therapy_id)
    assert (plan.state, plan.signed, plan.replaces) == ("written", False, plan_id)
    assert plan.duration.startswith("21 days") and plan.amount == "2,000 mg per dose" and plan.visits == PLAN.visits
    assert PlanOfTreatment.objects.get(pk=plan_id).state == "superseded"
    assert any(w.kind == "Plan of treatment" for w in therapy.waiting(bench.intake).rows)


@pytest.mark.parametrize(("field", "words"), [
    ("amount", "as directed"), ("amount", "the usual dose"), ("duration", "ongoing"), ("duration", "a few weeks"),
    ("frequency", "as ordered"), ("frequency", "when it suits"), ("visits", "ongoing"), ("duration", "14 days, then indefinitely"),
])
def test_a_vague_word_is_refused_where_a_figure_belongs(bench: Any, field: str, words: str) -> None:
    therapy_id = bench.therapy()
    with pytest.raises(Malformed) as no:
        therapy.write_plan(therapy_id=therapy_id, plan=PlanText(**{
            "treatment_type": "home infusion", "amount": "2 g", "duration": "14 days", "frequency": "daily", field: words}), by=bench.intake)
    assert {f.path for f in no.value.faults} == {field}
    assert therapy.plan_of_treatment(therapy_id).state == "not_written"


def test_the_database_refuses_a_vague_plan_too(bench: Any) -> None:
    _, plan_id = sent(bench)
    with pytest.raises(IntegrityError, match="plan_duration_not_vague"), transaction.atomic():
        PlanOfTreatment.objects.filter(pk=plan_id).update(duration="Ongoing")


def test_the_chase_goes_over_its_page_and_the_api(bench: Any, browse: Any) -> None:
    therapy_id, plan_id = sent(bench)
    client = browse(bench.intake)
    assert "Log a request for the signature" in client.get(f"/therapy/{therapy_id}/").content.decode()
    said = {"channel": "fax", "spoke_with": "", "result": "sent again"}
    assert client.post(f"/therapy/{therapy_id}/plan/{plan_id}/chase/", said).status_code == 302
    assert "sent again" in client.get(f"/therapy/{therapy_id}/").content.decode()
    api = f"/api/therapy/plans/{plan_id}"
    bad = client.post(f"{api}/attempts", {"channel": "pigeon", "result": "flew"}, content_type="application/json")
    assert bad.status_code == 422
    assert client.post(f"{api}/attempts", {"channel": "portal", "result": "uploaded"}, content_type="application/json").status_code == 200
    assert [a["channel"] for a in client.get(f"{api}/attempts").json()] == ["portal", "fax"]
    assert client.post(f"{api}/supersede", {"reason": "written in error"}, content_type="application/json").status_code == 200
    assert therapy.plan_of_treatment(therapy_id).state == "not_written"
