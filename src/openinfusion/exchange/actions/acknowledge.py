# SPDX-License-Identifier: Apache-2.0
"""A 999 or a TA1 comes in: the files it speaks of are accepted or rejected, each once, with the faults it names.

The claims of a rejected file are ready again, in the same transaction, to go with a new number; of a file that was accepted
in part only those in a refused transaction. A rejected request for an authorization is noted in its case.
"""
from __future__ import annotations

from openinfusion.exchange.actions.transmit import advance_transmission
from openinfusion.exchange.domain.x12.acknowledgement import PARTLY, GroupAnswer, InterchangeAnswer, read_acknowledgements
from openinfusion.exchange.models import Transmission
from openinfusion.exchange.permissions import RECEIVE
from openinfusion.intake import public as intake
from openinfusion.kernel.refusal import Reason, Refused
from openinfusion.platform.actor import Actor

_KINDS = {"HC": ("837P", "837I"), "HS": ("270",), "HR": ("276",), "HI": ("278",)}
REFUSED = "R"


def acknowledge(*, data: bytes, by: Actor) -> int:
    """How many of our files were accepted or rejected by this one; the same again changes nothing.

    Malformed where it is neither 999 nor TA1. A number that none of our sent files has is passed over: it may be another
    sender's.
    """
    by.must(RECEIVE)
    groups, tops = read_acknowledgements(data)
    return sum(_answered(group, by) for group in groups) + sum(_interchange(top, by) for top in tops)


def _answered(group: GroupAnswer, by: Actor) -> int:
    row = _sent(group.control, _KINDS.get(group.functional, ()))
    if row is None:
        return 0
    faults = "\n".join(f.text for answer in group.sets for f in answer.faults)
    if group.accepts_some:
        advance_transmission(
            transmission_id=row.id, step="accept_partly", report=faults, refused_sets=group.refused_sets, by=by)
    elif group.verdict == PARTLY and not group.refused_sets:
        raise Refused(Reason("which-part", f"{row} was accepted in part, and the 999 does not say which", "ask the receiver"))
    else:
        _step(row, "accept" if group.is_accepted else "reject", faults, by)
    return 1


def _interchange(top: InterchangeAnswer, by: Actor) -> int:
    """A TA1 that takes the envelope in says nothing of what is inside: the 999 does."""
    row = _sent(top.control, ())
    if row is None or top.verdict != REFUSED:
        return 0
    _step(row, "reject", f"the envelope was refused, note {top.note}", by)
    return 1


def _sent(control: str, kinds: tuple[str, ...]) -> Transmission | None:
    if not control.strip().isdecimal():
        return None
    rows = Transmission.objects.filter(control=int(control), state="sent")
    return (rows.filter(kind__in=kinds) if kinds else rows).first()


def _step(row: Transmission, step: str, report: str, by: Actor) -> None:
    advance_transmission(transmission_id=row.id, step=step, report=report, by=by)
    if step == "reject" and row.kind == "278" and row.subject_id is not None:
        words = f"the file with the request was rejected: {report or 'no reason was given'}; send it again"
        intake.note_message(
            authorization_id=row.subject_id, kind="answer", transport="x12", sent=False, words=words[:2000], file_id=row.file_id,
            by=by,
        )
