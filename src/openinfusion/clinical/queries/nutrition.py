# SPDX-License-Identifier: Apache-2.0
"""What orders of parenteral nutrition are judged by: their formulas, and what their sites have set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.nutrition import NutritionFacts
from openinfusion.therapy import public as therapy


def nutrition_facts(orders: Sequence[therapy.PrescriptionFact]) -> dict[UUID, NutritionFacts]:
    """By prescription; orders of other drugs are absent. What a site has set is read once, however many its orders are."""
    wanted = [o for o in orders if o.order.nutrition or "amino_acids" in catalog.drug(o.order.drug_code).ingredients]
    places = therapy.site_ids({o.therapy_id for o in wanted}) if wanted else {}
    held = {site_id: catalog.site_nutrition(site_id) for site_id in set(places.values())}
    return {o.id: _facts(o, held[places[o.therapy_id]]) for o in wanted}


def _facts(order: therapy.PrescriptionFact, site: catalog.SiteNutrition) -> NutritionFacts:
    formula = order.order.nutrition
    return NutritionFacts(order=replace(formula, stocks=site.stocks) if formula else None, limits=site.limits, curves=site.curves)
