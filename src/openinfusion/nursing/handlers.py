# SPDX-License-Identifier: Apache-2.0
"""What nursing does on the news of other rooms."""
from __future__ import annotations

from openinfusion.clinical.events import PrescriptionVerified
from openinfusion.nursing.actions.appointment import tell_the_bench_of_all
from openinfusion.nursing.actions.schedule import request_first_visit, wants_nursing
from openinfusion.platform.actor import Actor
from openinfusion.platform.news import on
from openinfusion.therapy.public import therapy


@on(PrescriptionVerified)
def plan_first_visit(news: PrescriptionVerified, by: Actor) -> None:
    """A verified order of a therapy that is nursed gets its first visit."""
    if wants_nursing(therapy(news.therapy_id)):
        request_first_visit(therapy_id=news.therapy_id, prescription_id=news.prescription_id, by=by)


@on(PrescriptionVerified)
def make_for_the_chair(news: PrescriptionVerified, by: Actor) -> None:
    """What is made of a verified order is made for the hours at which its patient is booked."""
    tell_the_bench_of_all(news.therapy_id, by)
