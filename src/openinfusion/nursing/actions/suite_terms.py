# SPDX-License-Identifier: Apache-2.0
"""Setting how a suite works: hours, minutes and the acuity one nurse may watch, from a day on."""
from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.nursing.domain.suite_terms import SuiteTerms, must_be_sound
from openinfusion.nursing.models import SuiteTermsRow
from openinfusion.nursing.permissions import SUITE_TERMS
from openinfusion.nursing.queries.suite_terms import zone_at
from openinfusion.platform.action import action
from openinfusion.platform.actor import Actor
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write


@action
def keep_suite_terms(*, site_id: UUID, terms: SuiteTerms, by: Actor) -> UUID:
    """A suite's own row from a day on, today at the earliest; rows in force are never changed."""
    by.must(SUITE_TERMS)
    must_be_sound(terms)
    if terms.effective_from < now().astimezone(zone_at(site_id)).date():
        raise Malformed(Fault("effective_from", "is today or a day to come"))
    if SuiteTermsRow.objects.filter(site_id=site_id, effective_from=terms.effective_from).exists():
        raise Refused(Reason("terms-there", "that day has terms already", "choose a later day"))
    kept = {k: v for k, v in asdict(terms).items() if k != "status"}
    row = SuiteTermsRow.objects.create(site_id=site_id, set_by_name=by.name, **kept)
    write(by, "nursing.suite.terms", row, "{actor} set the terms of a suite from {day}: a nurse watches {acuity}.",
          noted={"day": terms.effective_from, "acuity": terms.nurse_acuity})
    return row.id
