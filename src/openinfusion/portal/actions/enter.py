# SPDX-License-Identifier: Apache-2.0
"""A patient comes in by link, code and date of birth, and leaves. A wrong code is counted, never refused away."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.hashers import check_password

from openinfusion.kernel.refusal import NotFound, Reason, Refused
from openinfusion.patients import public as patients
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import advance, revise
from openinfusion.platform.clock import now
from openinfusion.platform.journal import write
from openinfusion.portal.domain.figures import whole
from openinfusion.portal.domain.link import SECRET_BYTES, LinkFacts, closed, digest, next_try_at, token_of
from openinfusion.portal.models import PageSession, PatientLink
from openinfusion.portal.permissions import USE


@action
def come_in(*, link_id: UUID, code: str, born_on: date, by: Actor) -> str:
    """The secret of a new session; empty where code or date of birth is wrong, which counts and locks in the end.

    Answers instead of refusing, because a refusal would undo the count. Which of the two is wrong is never said.
    """
    by.must(USE)
    link = lock(PatientLink, link_id)
    at = now()
    if link.patient_id != by.id or closed(link.state, link.expires_at, at):
        raise NotFound("link")
    if link.next_try_at is not None and at < link.next_try_at:
        raise Refused(Reason("wait", "please wait a little before you try again", "wait half a minute"))
    right = check_password(code.strip(), link.code_hash)
    if not (right and patients.patient(link.patient_id).born_on == born_on):
        _count(link, by)
        return ""
    return _let_in(link, by)


def _count(link: PatientLink, by: Actor) -> None:
    wrong = link.wrong_tries + 1
    if wrong >= whole("wrong_tries"):
        advance(link, "lock", LinkFacts(wrong), by=by, noted={"tries": wrong}, wrong_tries=wrong)
        return
    revise(
        link, "portal.link.wrong", "somebody gave a wrong code or date of birth for {subject}, {tries} in a row", by=by,
        noted={"tries": wrong}, wrong_tries=wrong, next_try_at=next_try_at(wrong, now()),
    )  # fmt: skip


def _let_in(link: PatientLink, by: Actor) -> str:
    secret, at = token_of(by.organization_id, secrets.token_bytes(SECRET_BYTES)), now()
    ends = min(at + timedelta(minutes=whole("session_minutes")), link.expires_at)
    PageSession.objects.create(link=link, patient_id=link.patient_id, sha256=digest(secret), began_at=at, ends_at=ends)
    revise(link, "portal.page.open", "{actor} opened their own page", by=by, wrong_tries=0, next_try_at=None, used_at=at)
    return secret


@action
def leave(*, session_id: UUID, by: Actor) -> UUID:
    """The session ends now."""
    by.must(USE)
    row = lock(PageSession, session_id)
    if row.patient_id != by.id:
        raise NotFound("session")
    row.left_at = row.left_at or now()
    row.save(update_fields=["left_at"])
    write(by, "portal.page.leave", row, "{actor} left their own page")
    return row.id
