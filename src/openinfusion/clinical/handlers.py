# SPDX-License-Identifier: Apache-2.0
"""What the clinical room does on news: open a review for a transcribed order, withdraw it when the order ends."""
from __future__ import annotations

from openinfusion.clinical.actions.break_glass import advance_pass
from openinfusion.clinical.actions.monitor import end_monitoring, match_results, plan_monitoring
from openinfusion.clinical.actions.review import open_review, withdraw
from openinfusion.clinical.actions.watch import end_firings, run_checks
from openinfusion.clinical.events import PrescriptionVerified
from openinfusion.clinical.models import Review, Trigger
from openinfusion.clinical.queries.break_glass import open_passes
from openinfusion.clinical.queries.monitoring import follows, has_open_tests, needs_of
from openinfusion.patients.events import ChartChanged
from openinfusion.platform.actor import Actor
from openinfusion.platform.news import on
from openinfusion.therapy import public as therapy
from openinfusion.therapy.events import PrescriptionEnded, PrescriptionTranscribed


@on(PrescriptionTranscribed)
def open_on_transcription(news: PrescriptionTranscribed, by: Actor) -> None:
    """A transcribed order waits for a pharmacist."""
    open_review(prescription_id=news.prescription_id, by=by)
    run_checks(prescription_id=news.prescription_id, trigger=Trigger.TRANSCRIPTION, by=by)


@on(PrescriptionEnded)
def withdraw_on_end(news: PrescriptionEnded, by: Actor) -> None:
    """An order that ended needs no verification."""
    row = Review.objects.filter(prescription_id=news.prescription_id).exclude(state="withdrawn").first()
    if row is not None:
        withdraw(review_id=row.id, reason=f"the order was {news.ending}", by=by)
        for one in open_passes(news.prescription_id):
            step = "withdraw" if one.state == "proposed" else "end"
            advance_pass(pass_id=one.id, step=step, reason=f"the order was {news.ending}", by=by)
        end_firings(prescription_id=news.prescription_id, ending=news.ending, by=by)


@on(ChartChanged)
def check_on_change(news: ChartChanged, by: Actor) -> None:
    """What is known of a patient changed: the checks of every open order run again."""
    if news.patient_id is not None:
        for order in therapy.open_orders_of(news.patient_id):
            run_checks(prescription_id=order.id, trigger=Trigger(news.what), by=by)


@on(PrescriptionVerified)
def plan_on_verification(news: PrescriptionVerified, by: Actor) -> None:
    """A verified order brings its tests."""
    if needs_of(news.therapy_id):
        plan_monitoring(therapy_id=news.therapy_id, by=by)


@on(ChartChanged)
def match_on_result(news: ChartChanged, by: Actor) -> None:
    """A value came onto the chart or left it: the tests it answers follow."""
    if news.patient_id is not None and news.what in ("lab", "measurement") and follows(news.patient_id):
        match_results(patient_id=news.patient_id, by=by)


@on(PrescriptionEnded)
def end_tests_on_end(news: PrescriptionEnded, by: Actor) -> None:
    """When the last order of a course has ended, nothing more is drawn for it."""
    running = any(not p.ended for p in therapy.prescriptions_of(news.therapy_id))
    if not running and has_open_tests(news.therapy_id):
        end_monitoring(therapy_id=news.therapy_id, reason=f"the order was {news.ending}", by=by)
