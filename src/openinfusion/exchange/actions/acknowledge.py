# SPDX-License-Identifier: Apache-2.0
"""A 999 comes in: the files it speaks of are accepted or rejected, each once, with the faults it names."""
from __future__ import annotations

from openinfusion.exchange.actions.transmit import advance_transmission
from openinfusion.exchange.domain.x12.acknowledgement import GroupAnswer, read_acknowledgements
from openinfusion.exchange.models import Transmission
from openinfusion.exchange.permissions import RECEIVE
from openinfusion.platform.actor import Actor


def acknowledge(*, data: bytes, by: Actor) -> int:
    """How many of our files were accepted or rejected by this one; the same again changes nothing.

    Malformed where it is no 999. A number that none of our sent files has is passed over: it may be another sender's.
    """
    by.must(RECEIVE)
    groups, _ = read_acknowledgements(data)
    return sum(_answered(group, by) for group in groups)


def _answered(group: GroupAnswer, by: Actor) -> int:
    if not group.control.isdecimal():
        return 0
    row = Transmission.objects.filter(control=int(group.control), state="sent").first()
    if row is None:
        return 0
    faults = "\n".join(f.text for answer in group.sets for f in answer.faults)
    step = "accept" if group.is_accepted else "reject"
    advance_transmission(transmission_id=row.id, step=step, report=faults, by=by)
    return 1
