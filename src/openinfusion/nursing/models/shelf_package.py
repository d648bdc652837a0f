# SPDX-License-Identifier: Apache-2.0
"""Packages that a suite gave from its own shelf, each bound to the entry that scanned it and to the stock that left."""
from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q

from openinfusion.nursing.domain.shelf_check import Became, GivenAs
from openinfusion.platform.models import Record, choice_field, ref, tracked

_LEFT_THE_SHELF = """
SELECT product_id, state, expires_on INTO lot FROM inventory_lot WHERE id = NEW.lot_id FOR SHARE;
SELECT site_id, in_suite, patient_id INTO visit FROM nursing_nursevisit WHERE id = NEW.visit_id;
IF lot.product_id IS DISTINCT FROM NEW.product_id OR lot.state <> 'available' OR lot.expires_on < NEW.given_on THEN
  RAISE EXCEPTION 'a package of a lot that is not this product, not available or expired is not given'
    USING ERRCODE = 'check_violation';
END IF;
IF NOT visit.in_suite OR visit.patient_id IS DISTINCT FROM NEW.patient_id THEN
  RAISE EXCEPTION 'a package from a shelf is given at a visit in a suite, to its patient' USING ERRCODE = 'check_violation';
END IF;
IF NOT EXISTS (
  SELECT 1 FROM inventory_reservation r JOIN inventory_location l ON l.id = r.location_id
  WHERE r.for_id = NEW.id AND r.lot_id = NEW.lot_id AND r.issued_amount = 1 AND l.site_id = visit.site_id
) THEN
  RAISE EXCEPTION 'a package that did not leave the shelf of this suite is not given from it' USING ERRCODE = 'check_violation';
END IF;
IF NOT EXISTS (SELECT 1 FROM nursing_sectionentry WHERE id = NEW.entry_id AND visit_id = NEW.visit_id)
   OR NOT EXISTS (
     SELECT 1 FROM therapy_prescription p JOIN therapy_therapy t ON t.id = p.therapy_id
     WHERE p.id = NEW.order_id AND t.patient_id = NEW.patient_id
   ) THEN
  RAISE EXCEPTION 'a package is given by an entry of this visit and an order of this patient' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_BECAME_ONCE = """
IF OLD.became <> '' THEN
  RAISE EXCEPTION 'what became of a package is said once' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""


@tracked
class ShelfPackage(Record):
    """One package of the suite's own stock, on record at a visit. Its id is the purpose for which the ledger issued it.

    ``order``: by which it is given; ``thrown_away_amount``: of what it holds, in the unit of its strength. Where it was scanned
    and not given, ``became`` says what became of it.
    """

    visit = ref("nursing.NurseVisit")
    patient = ref("patients.Patient")
    entry = ref("nursing.SectionEntry")
    product = ref("catalog.Product")
    lot = ref("inventory.Lot")
    order = ref("therapy.Prescription")
    given_as = choice_field(GivenAs)
    given_on = models.DateField()
    thrown_away_amount = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    unit = models.TextField()
    became = choice_field(Became, blank=True, default="")
    became_why = models.TextField(blank=True, default="")
    became_name = models.TextField(blank=True, default="")
    became_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint(fields=["organization", "entry"], name="shelf_package_once_an_entry"),
            models.CheckConstraint(name="shelf_package_waste", condition=Q(thrown_away_amount__gte=0)),
            models.CheckConstraint(
                name="shelf_package_back_says_why",
                condition=Q(became="", became_at__isnull=True) | (~Q(became="") & ~Q(became_why="") & Q(became_at__isnull=False)),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="shelf_package_left_the_shelf", when=pgtrigger.Before, operation=pgtrigger.Insert,
                declare=[("lot", "record"), ("visit", "record")], func=_LEFT_THE_SHELF,
            ),
            pgtrigger.Trigger(
                name="shelf_package_became_once", when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("became", "became_why", "became_name", "became_at"), func=_BECAME_ONCE,
            ),
            pgtrigger.ReadOnly(
                name="shelf_package_stays",
                fields=["visit", "patient", "entry", "product", "lot", "order", "given_as", "given_on", "thrown_away_amount",
                        "unit"],
            ),
        ]
        indexes = [models.Index(fields=["visit"], name="shelf_package_by_visit")]

    def __str__(self) -> str:
        return f"a package of {self.lot}"
