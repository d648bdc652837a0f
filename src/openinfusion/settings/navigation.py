# SPDX-License-Identifier: Apache-2.0
"""The bar at the top: which pages a person finds there, each shown only to those who may open it."""

from __future__ import annotations

# label, URL name, permission, key of the jump (G, then this letter)
NAVIGATION = (
    ("Home", "desk:home", "", "h"),
    ("Referrals", "intake:board", "intake.referral.read", "r"),
    ("Patients", "patients:list", "patients.patient.read", "p"),
    ("Verify", "clinical:queue", "clinical.review.read", "v"),
    ("Compound", "compounding:bench", "compounding.work_order.read", "c"),
    ("Stock", "inventory:stock", "inventory.stock.read", "s"),
    ("Deliver", "delivery:board", "delivery.ticket.read", "d"),
    ("Visits", "nursing:visits", "nursing.visit.read", "n"),
    ("Dispatch", "dispatch:board", "dispatch.plan.read", "w"),
    ("Claims", "billing:claims", "billing.claim.read", "b"),
    ("Facility", "sites:list", "sites.site.read", "f"),
    ("Quality", "quality:board", "quality.incident.read", "q"),
    ("Monitor", "clinical:monitoring", "clinical.care.read", "m"),
    ("Calculate", "calculations:list", "calculations.calculation.use", "k"),
    ("Payers", "payers:list", "payers.payer.read", "y"),
    ("Revenue", "insight:revenue", "insight.measure.read", "u"),
    ("Dashboard", "insight:dashboard", "insight.measure.read", "i"),
)
