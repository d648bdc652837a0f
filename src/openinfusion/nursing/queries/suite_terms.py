# SPDX-License-Identifier: Apache-2.0
"""The terms a suite works by on a day: its own row, else the house's."""
from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from openinfusion.nursing.domain.suite_terms import SuiteTerms, house_terms
from openinfusion.nursing.models import SuiteTermsRow
from openinfusion.sites import public as sites


def terms_on(site_id: UUID, on: date) -> SuiteTerms:
    """The newest row of the suite in force on a day, as a person signed it; where it has none, the house's."""
    row = SuiteTermsRow.objects.filter(site_id=site_id, effective_from__lte=on).order_by("-effective_from").first()
    if row is None:
        return house_terms(on)
    kept = {f.name: getattr(row, f.name) for f in fields(SuiteTerms) if f.name != "status"}
    return SuiteTerms(**kept, status=f"set by {row.set_by_name}")


def zone_at(site_id: UUID) -> ZoneInfo:
    return ZoneInfo(sites.zone_of(site_id))


def instant_at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A wall-clock time at the suite as an instant; one that the clock skips is the hour after."""
    return datetime.combine(day, clock, zone).astimezone(UTC).astimezone(zone)
