# SPDX-License-Identifier: Apache-2.0
"""The route: one the drug may be given by, and never a vinca alkaloid into the spine (clinical specification, section 8)."""

from __future__ import annotations

from openinfusion.clinical.domain.drug_class import terms
from openinfusion.clinical.domain.facts import Facts
from openinfusion.clinical.domain.finding import Finding, Tier

_SPINE = frozenset({"intrathecal", "epidural"})


def check_route(facts: Facts) -> list[Finding]:
    """Whether the catalog knows this drug by this route."""
    order = facts.order
    drug, evidence = order.drug, (order.drug.code, order.route)
    if order.route.lower() in _SPINE and "vinca_alkaloid" in terms(drug):
        return [Finding(
            rule="route", code="route-vinca-spine", tier=Tier.HARD, title="A vinca alkaloid into the spine kills",
            text=f"{drug.name} is ordered {order.route}.", do="stop; intravenous in a small bag only", evidence=evidence,
        )]
    if not order.intravenous and "vinca_alkaloid" in terms(drug):
        return [Finding(
            rule="route", code="route-vinca-not-iv", tier=Tier.HARD, title="A vinca alkaloid is fatal by other routes",
            text=f"{drug.name} is ordered {order.route}.", do="stop; intravenous in a small bag only", evidence=evidence,
        )]
    if not drug.routes:
        return [Finding(
            rule="route", code="route-unknown", tier=Tier.INFO, title="Routes are not on file",
            text=f"The catalog does not say by which routes {drug.name} may be given.", evidence=evidence,
        )]
    if order.route.lower() not in {r.lower() for r in drug.routes}:
        return [Finding(
            rule="route", code="route-not-on-file", tier=Tier.HARD, title="Not by this route",
            text=f"{drug.name} is ordered {order.route}; on file: {', '.join(sorted(drug.routes))}.",
            do="change the route or the product", evidence=evidence,
        )]
    return [Finding(rule="route", code="route-passed", tier=Tier.PASSED, title="The route fits the drug",
                    text=f"{order.route}.", evidence=evidence)]
