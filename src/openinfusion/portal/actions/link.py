# SPDX-License-Identifier: Apache-2.0
"""Give a patient the link and code of their own page, renew them, revoke them. The secrets are answered once and not kept."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, keyed, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.portal.domain.figures import whole
from openinfusion.portal.domain.link import SECRET_BYTES, CodeWay, LinkFacts, LinkState, digest, token_of
from openinfusion.portal.models import PageSession, PatientLink
from openinfusion.portal.permissions import GIVE


def give_link(*, patient_id: UUID, code_way: str, by: Actor) -> dict[str, str]:
    """A patient's first link. Answers ``id``, ``token`` and ``code``: shown once, then only their hashes are there.

    Without an idempotency key, because the first answer of a keyed call is kept, and these secrets must not be.
    """
    with keyed(""):
        return _give(patient_id=patient_id, code_way=code_way, by=by)


@action
def _give(*, patient_id: UUID, code_way: str, by: Actor) -> dict[str, str]:
    by.must(GIVE)
    _must_be_way(code_way)
    patients.patient(patient_id)
    if PatientLink.objects.filter(patient_id=patient_id).exclude(state=LinkState.REVOKED.value).exists():
        raise Refused(Reason("has-link", "this patient has a link", "renew it, or revoke it first"))
    said, kept = _secrets(code_way, by)
    row = PatientLink.objects.create(patient_id=patient_id, **kept)
    write(by, "portal.link.give", row, "{actor} gave {subject}; the code goes by {way}", noted={"way": code_way})
    return {"id": str(row.id)} | said


def renew_link(*, link_id: UUID, code_way: str, by: Actor, version: int | None = None) -> dict[str, str]:
    """A new link and code in place of the old, which end at once with every session; the way out of a locked link."""
    with keyed(""):
        return _renew(link_id=link_id, code_way=code_way, by=by, version=version)


@action
def _renew(*, link_id: UUID, code_way: str, by: Actor, version: int | None) -> dict[str, str]:
    _must_be_way(code_way)
    row = lock(PatientLink, link_id, version)
    said, kept = _secrets(code_way, by)
    advance(row, "renew", LinkFacts(), by=by, noted={"way": code_way}, wrong_tries=0, next_try_at=None, **kept)
    _end_sessions(row)
    return {"id": str(row.id)} | said


@action
def revoke_link(*, link_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """Nobody comes in by it any more; a session that runs ends with it."""
    row = lock(PatientLink, link_id, version)
    advance(row, "revoke", LinkFacts(), by=by, reason=reason)
    _end_sessions(row)
    return row.id


def _end_sessions(row: PatientLink) -> None:
    for session in PageSession.objects.select_for_update().filter(link=row, left_at=None):
        session.left_at = now()
        session.save(update_fields=["left_at"])


def _must_be_way(code_way: str) -> None:
    if code_way not in set(CodeWay):
        raise Malformed(Fault("code_way", f"one of {', '.join(CodeWay)}"))


def _secrets(code_way: str, by: Actor) -> tuple[dict[str, str], dict[str, Any]]:
    """What is said once, and what is kept of it."""
    token = token_of(by.organization_id, secrets.token_bytes(SECRET_BYTES))
    digits = whole("code_digits")
    code = f"{secrets.randbelow(10**digits):0{digits}d}"
    at = now()
    kept = {
        "sha256": digest(token), "code_hash": make_password(code), "code_way": code_way, "given_at": at,
        "expires_at": at + timedelta(days=whole("link_days")), "given_by": by.id, "giver_name": by.name,
    }  # fmt: skip
    return {"token": token, "code": code}, kept
