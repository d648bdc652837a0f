# SPDX-License-Identifier: Apache-2.0
"""The only place that reads the clock."""
from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone


def now() -> datetime:
    """This instant, in UTC."""
    return timezone.now()


def today(zone: str) -> date:
    """The calendar day it is now at a place (IANA zone name)."""
    return now().astimezone(ZoneInfo(zone)).date()
