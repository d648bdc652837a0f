# SPDX-License-Identifier: Apache-2.0
"""What orders of parenteral nutrition are judged by: their formulas, and what their sites have set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from openinfusion.calculations.public import Bag, NutritionOrder, Worked, bag_of, nutrition_sheet
from openinfusion.catalog import public as catalog
from openinfusion.clinical.domain.nutrition import NutritionFacts, Reviewed, review_formula, vein_of, warmest_c
from openinfusion.kernel.refusal import Refused
from openinfusion.patients import public as patients
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


@dataclass(frozen=True, slots=True)
class FormulaReview:
    """A formula reviewed for a patient: gauges and verdicts, and the whole sheet of figures and tables."""

    reviewed: Reviewed
    sheet: Worked
    line_known: bool  # the patient's line is recorded and ends in a vein


def review_of_formula(
    order: NutritionOrder, therapy_id: UUID, before: NutritionOrder | None = None
) -> FormulaReview:
    """By the patient's line and the site's figures; with the version before, the difference. Refused where no bag comes of it."""
    course = therapy.therapy(therapy_id)
    held, line = catalog.site_nutrition(course.site_id), patients.line(course.patient_id)
    tip = line.tip if line else ""
    reviewed = review_formula(replace(order, stocks=held.stocks), tip, held.limits, held.curves)
    sheet = nutrition_sheet(reviewed.bag, held.limits, _bag(before, held), held.curves, warmest_c())
    return FormulaReview(reviewed, sheet, bool(vein_of(tip)))


def _bag(before: NutritionOrder | None, site: catalog.SiteNutrition) -> Bag | None:
    """The version before as a bag; None where there is none, or none comes of it any more."""
    try:
        return bag_of(replace(before, stocks=site.stocks)) if before else None
    except Refused:
        return None
