# SPDX-License-Identifier: Apache-2.0
"""Where a nurse begins and ends her days on the road. Seen by her and by who plans; the journal does not repeat the point."""
from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from openinfusion.kernel.position import Position
from openinfusion.kernel.refusal import Fault, Malformed, NotFound
from openinfusion.kernel.roles import Role
from openinfusion.nursing.models import NurseHome
from openinfusion.nursing.permissions import ROSTER, TIME_OFF
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.journal import write
from openinfusion.team.public import person


@action
def keep_home(*, nurse_id: UUID, zip_code: str, by: Actor, point: Position | None = None) -> UUID:
    """Days of this nurse begin and end at home, from the next plan on: by the point, else by the middle of the ZIP code."""
    by.must(TIME_OFF if nurse_id == by.id else ROSTER)
    code, nurse = zip_code.strip(), person(nurse_id)
    if Role.NURSE not in nurse.roles:
        raise Malformed(Fault("nurse_id", f"{nurse.name} is no nurse"))
    if not re.fullmatch(r"[0-9]{5}", code):
        raise Malformed(Fault("ZIP code", "five digits"))
    degrees: dict[str, Any] = {"latitude": point.latitude if point else None, "longitude": point.longitude if point else None}
    row = NurseHome.objects.select_for_update(of=("self",)).filter(nurse=nurse_id).first()
    if row is not None:
        revise(row, "nursing.home.change", "{actor} changed where the days of {name} begin.", by=by, noted={"name": nurse.name},
               zip_code=code, **degrees)
        return row.id
    row = NurseHome.objects.create(nurse=nurse_id, nurse_name=nurse.name, zip_code=code, **degrees)
    write(by, "nursing.home.keep", row, "{actor} let the days of {name} begin at home.", noted={"name": nurse.name})
    return row.id


@action
def drop_home(*, nurse_id: UUID, by: Actor) -> None:
    """The nurse's days begin and end at her site again."""
    by.must(TIME_OFF if nurse_id == by.id else ROSTER)
    row = NurseHome.objects.filter(nurse=nurse_id).first()
    if row is None:
        raise NotFound("a home of this nurse")
    row = lock(NurseHome, row.id)
    write(by, "nursing.home.drop", row, "{actor} let the days of {name} begin at the site again.", noted={"name": row.nurse_name})
    row.delete()
