# SPDX-License-Identifier: Apache-2.0
"""What the clinical room does on news: open a review for a transcribed order, withdraw it when the order ends."""
from __future__ import annotations

from openinfusion.clinical.actions.review import open_review, withdraw
from openinfusion.clinical.models import Review
from openinfusion.platform.actor import Actor
from openinfusion.platform.news import on
from openinfusion.therapy.events import PrescriptionEnded, PrescriptionTranscribed


@on(PrescriptionTranscribed)
def open_on_transcription(news: PrescriptionTranscribed, by: Actor) -> None:
    """A transcribed order waits for a pharmacist."""
    open_review(prescription_id=news.prescription_id, by=by)


@on(PrescriptionEnded)
def withdraw_on_end(news: PrescriptionEnded, by: Actor) -> None:
    """An order that ended needs no verification."""
    row = Review.objects.filter(prescription_id=news.prescription_id).exclude(state="withdrawn").first()
    if row is not None:
        withdraw(review_id=row.id, reason=f"the order was {news.ending}", by=by)
