# SPDX-License-Identifier: Apache-2.0
"""What delivery does on the news of other rooms, and on its own."""
from __future__ import annotations

from openinfusion.clinical.events import CallAnswered
from openinfusion.compounding.events import PreparationReleased
from openinfusion.delivery.actions.concern import follow_answer
from openinfusion.delivery.actions.hand_over import begin_care
from openinfusion.delivery.actions.join import join_ticket
from openinfusion.delivery.events import Delivered
from openinfusion.delivery.queries.refill import is_concern
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.news import on


@on(PreparationReleased)
def put_on_ticket(news: PreparationReleased, by: Actor) -> None:
    """What is released goes onto the patient's open ticket."""
    join_ticket(preparation_id=news.preparation_id, by=by)


@on(Delivered)
def start_what_arrived(news: Delivered, by: Actor) -> None:
    """What has arrived begins to run."""
    begin_care(ticket_id=news.ticket_id, by=by)


@on(CallAnswered)
def free_or_hold(news: CallAnswered, by: Actor) -> None:
    """What was answered among clinical's calls frees the delivery that waited for it, or holds it."""
    if is_concern(news.holds):
        follow_answer(concern_id=news.holds, release=news.release, words=news.words, answered_by=news.settled_by,
                      answerer_name=news.settler_name, answered_at=now(), by=by)
