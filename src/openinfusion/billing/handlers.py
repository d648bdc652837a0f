# SPDX-License-Identifier: Apache-2.0
"""What billing does on the news of other rooms."""
from __future__ import annotations

from openinfusion.billing.actions.capture_delivery import capture_delivery
from openinfusion.billing.actions.capture_visit import capture_visit
from openinfusion.billing.actions.claims import check_held
from openinfusion.billing.queries.claims import claims_where
from openinfusion.delivery.events import Delivered
from openinfusion.nursing.events import VisitSigned
from openinfusion.platform.actor import Actor
from openinfusion.platform.news import on
from openinfusion.therapy.events import PlanSigned


@on(Delivered)
def charge_delivery(news: Delivered, by: Actor) -> None:
    """What arrived is charged."""
    capture_delivery(ticket_id=news.ticket_id, by=by)


@on(VisitSigned)
def charge_visit(news: VisitSigned, by: Actor) -> None:
    """What was signed is charged."""
    capture_visit(visit_id=news.visit_id, by=by)


@on(PlanSigned)
def check_what_waited(news: PlanSigned, by: Actor) -> None:
    """A signed plan of treatment frees the claims that waited for it."""
    if claims_where(therapy_id=news.therapy_id, state="held", limit=1):
        check_held(therapy_id=news.therapy_id, by=by)
