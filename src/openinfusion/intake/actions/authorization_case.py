# SPDX-License-Identifier: Apache-2.0
"""Around an authorization: what a person notes of a criterion, the letter, what was sent by hand, and units that were given."""
from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from openinfusion.intake import models
from openinfusion.intake.domain.authorization import Transport
from openinfusion.intake.domain.criteria import Standing
from openinfusion.intake.permissions import AUTHORIZE, USE
from openinfusion.intake.queries.authorization_case import judged_of
from openinfusion.kernel.refusal import Fault, Malformed, NotFound, Reason, Refused
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.house_day import house_today
from openinfusion.platform.journal import write

KINDS = ("request", "answer", "documents", "appeal", "call")


@action
def note_criterion(
    *, authorization_id: UUID, code: str, standing: str, evidence: str, by: Actor, version: int | None = None,
) -> UUID:
    """What a person knows of a criterion the chart cannot say, with the evidence; empty ``standing`` takes a note back."""
    by.must(AUTHORIZE)
    row = lock(models.Authorization, authorization_id, version)
    if row.state not in ("to_submit", "info_requested", "denied", "upheld"):
        raise Refused(Reason("already-sent", f"it is {row.state.replace('_', ' ')}; what was sent stays as it was"))
    if code not in {j.code for j in judged_of(row)}:
        raise NotFound(f"criterion {code}")
    if standing and (standing not in set(Standing) or not evidence.strip()):
        raise Malformed(Fault("evidence", "say met, missing or unknown, and where it stands: which record, which date"))
    noted = {k: v for k, v in row.noted.items() if k != code}
    if standing:
        on = house_today().isoformat()
        noted[code] = {"standing": standing, "evidence": evidence.strip()[:500], "by": by.name, "on": on}
    _revised(row, noted, code, standing, by)
    return row.id


def _revised(row: models.Authorization, noted: dict[str, object], code: str, standing: str, by: Actor) -> None:
    row.noted = noted
    row.version += 1
    row.save(update_fields=["noted", "version"])
    write(by, "intake.authorization.noted", row, "{actor} noted {code} as {standing} for {subject}", patient_id=row.patient_id,
          noted={"code": code.replace("_", " "), "standing": standing or "taken back"})


@action
def write_letter(*, authorization_id: UUID, letter: str, by: Actor, version: int | None = None) -> UUID:
    """The prescriber's reasons in the letter of medical necessity, in their words."""
    by.must(AUTHORIZE)
    row = lock(models.Authorization, authorization_id, version)
    revise(row, "intake.authorization.letter", "{actor} wrote the letter of {subject}", by=by, patient_id=row.patient_id,
           letter=letter.strip()[:6000])
    return row.id


@action
def note_message(
    *, authorization_id: UUID, kind: str, transport: str, by: Actor, sent: bool = True, reference: str = "", words: str = "",
    file_id: UUID | None = None,
) -> UUID:
    """Something that was sent or received about an authorization by hand: a fax, a call, a portal's confirmation."""
    by.must(AUTHORIZE)
    row = lock(models.Authorization, authorization_id)
    faults = []
    if kind not in KINDS:
        faults.append(Fault("kind", f"it is one of {', '.join(KINDS)}"))
    if transport not in set(Transport):
        faults.append(Fault("transport", f"it is one of {', '.join(Transport)}"))
    if not (reference.strip() or words.strip()):
        faults.append(Fault("reference", "give the confirmation or call number, or say what was said"))
    if faults:
        raise Malformed(*faults)
    made = models.AuthorizationMessage(
        authorization=row, sent=sent, kind=kind, transport=transport, reference=reference.strip(), words=words.strip(),
        file_id=file_id, at=now(), by_name=by.name,
    )
    made.save(force_insert=True)
    what = "sent" if sent else "received"
    write(by, "intake.authorization.message", row, f"{{actor}} {what} {{kind}} by {{transport}} for {{subject}}",
          patient_id=row.patient_id, noted={"kind": kind, "transport": transport, "reference": reference})
    return made.id


@action
def use_authorization(
    *, authorization_id: UUID, code: str, units: Decimal, day: date, source: str, by: Actor,
) -> UUID:
    """Units that were given under an authorization. The same source counts once, however often it is told."""
    by.must(USE)
    row = lock(models.Authorization, authorization_id)
    before = models.AuthorizationUse.objects.filter(source=source).first()
    if before is not None:
        write(by, "intake.authorization.use_known", row, "{subject} already counts that use.", patient_id=row.patient_id)
        return before.id
    if units <= 0 or not source.strip():
        raise Malformed(Fault("units", "units above zero, and where they come from"))
    made = models.AuthorizationUse(authorization=row, code=code, units=units, day=day, source=source.strip())
    made.save(force_insert=True)
    write(by, "intake.authorization.used", row, "{units} units of {code} were given under {subject}",
          patient_id=row.patient_id, noted={"units": str(units), "code": code, "day": day.isoformat()})
    return made.id
