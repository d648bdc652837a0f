# SPDX-License-Identifier: Apache-2.0
"""A quarterly list of billing codes: read first, so that its difference can be looked at, then taken or dropped."""
from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID

from openinfusion.catalog import models, queries
from openinfusion.catalog.domain.hcpcs_list import CodeDifference, ListedCode, difference, lines_of, read_codes
from openinfusion.catalog.models.hcpcs_list import ListStanding
from openinfusion.catalog.permissions import TAKE_CODES
from openinfusion.kernel.ids import new_id
from openinfusion.kernel.refusal import Fault, Malformed, Reason, Refused
from openinfusion.kernel.standing import Standing
from openinfusion.platform.action import action, lock
from openinfusion.platform.actor import Actor
from openinfusion.platform.advance import revise
from openinfusion.platform.clock import now
from openinfusion.platform.files import open_file, store
from openinfusion.platform.journal import write

SHOWN_REJECTS = 500


@action
def read_code_list(*, name: str, data: bytes, first: date, source: str, is_whole: bool, by: Actor) -> UUID:
    """Bring in a list that holds from a day on; nothing changes yet. Its id. ``is_whole``: what is absent has ended.

    Refused for a file that was brought in for that day; Malformed where nothing in it can be read.
    """
    by.must(TAKE_CODES)
    if not source.strip():
        raise Malformed(Fault("source", "say who published it, and which edition"))
    digest = hashlib.sha256(data).hexdigest()
    there = models.HcpcsList.objects.filter(sha256=digest, first_on=first).exclude(standing=ListStanding.DROPPED.value)
    if there.exists():
        raise Refused(Reason("already-read", "this list was brought in already for that day"))
    found = read_codes(data)
    if not found.codes:
        why = f": line {found.rejects[0].line}, {found.rejects[0].why}" if found.rejects else ""
        raise Malformed(Fault("file", f"no line of it can be taken{why}"))
    _must_be_later(first)
    d = difference(queries.known_codes(first), found.codes, first, is_whole)
    row = models.HcpcsList(
        name=name[:200], file_id=store(name, data, "text/csv", by), sha256=digest, first_on=first, source=source.strip(),
        is_whole=is_whole, codes=len(found.codes), rejects=[asdict(r) for r in found.rejects[:SHOWN_REJECTS]],
        changes=[list(x) for x in lines_of(d)], read_name=by.name,
    )
    row.save(force_insert=True)
    write(by, "catalog.codes.read", row,
          "{actor} brought in {subject}: {new} new, {changed} changed, {ended} ended; not taken yet",
          noted={"new": len(d.new), "changed": len(d.changed), "ended": len(d.ended), "rejected": len(found.rejects)})
    return row.id


@action
def take_code_list(*, list_id: UUID, by: Actor, version: int | None = None) -> UUID:
    """Take what the list changes, from its first day on: the difference is worked out again, and what ended keeps its rows."""
    by.must(TAKE_CODES)
    row = _waiting(list_id, version)
    _must_be_later(row.first_on)
    listed = read_codes(open_file(row.file_id).data).codes
    d = difference(queries.known_codes(row.first_on), listed, row.first_on, row.is_whole)
    if not d.changes_something:
        raise Refused(Reason("nothing-changes", "everything in it is kept here already", "drop the list"))
    _enter(d, row)
    models.Edition.objects.update_or_create(defaults={"mark": new_id()})
    revise(row, "catalog.codes.take", "{actor} took {subject}: {new} new, {changed} changed, {ended} ended", by=by,
           noted={"new": len(d.new), "changed": len(d.changed), "ended": len(d.ended)},
           standing=ListStanding.TAKEN.value, changes=[list(x) for x in lines_of(d)], taken_name=by.name, taken_at=now())
    return row.id


@action
def drop_code_list(*, list_id: UUID, reason: str, by: Actor, version: int | None = None) -> UUID:
    """A list that was brought in is not to be taken, and why."""
    by.must(TAKE_CODES)
    row = _waiting(list_id, version)
    if not reason.strip():
        raise Malformed(Fault("reason", "say why it is dropped"))
    revise(row, "catalog.codes.drop", "{actor} dropped {subject}", by=by, reason=reason, standing=ListStanding.DROPPED.value)
    return row.id


def _waiting(list_id: UUID, version: int | None) -> models.HcpcsList:
    row = lock(models.HcpcsList, list_id, version)
    if row.standing != ListStanding.READ.value:
        raise Refused(Reason("not-waiting", f"this list is {row.standing} already"))
    return row


def _must_be_later(first: date) -> None:
    """A list cannot change days that a later one has settled."""
    last = models.HcpcsList.objects.filter(standing=ListStanding.TAKEN.value).order_by("-first_on").first()
    if last is not None and last.first_on >= first:
        raise Refused(Reason("later-list", f"the list from {last.first_on.isoformat()} was taken already", "set a later day"))


def _enter(d: CodeDifference, row: models.HcpcsList) -> None:
    """End what ends, and add what is new; a changed code ends the day before and begins anew."""
    ends = {k.code: last for k, last in d.ended} | {k.code: row.first_on - timedelta(days=1) for k, _ in d.changed}
    begins = {k.code: k.begins for k, _ in (*d.ended, *d.changed)}
    for kept in models.Hcpcs.objects.filter(code__in=list(ends)):
        if kept.effective_from == begins[kept.code]:
            kept.effective_to = ends[kept.code]
            kept.save(update_fields=["effective_to"])
    words = {k.code: (k.text, k.exclusive_group) for k, _ in d.changed}
    models.Hcpcs.objects.bulk_create([
        *_rows(d.new, row, {}), *_rows([c for _, c in d.changed], row, words),
    ], batch_size=1000)


def _rows(codes: Sequence[ListedCode], row: models.HcpcsList, words: dict[str, tuple[str, str]]) -> list[models.Hcpcs]:
    return [
        models.Hcpcs(
            code=c.code, text=words.get(c.code, (c.text, ""))[0], klass=c.klass, unit_amount=c.unit_amount, unit=c.unit,
            unit_text=c.unit_text, exclusive_group=words.get(c.code, ("", c.exclusive_group))[1], effective_to=c.ends,
            source=row.source, effective_from=row.first_on, status=Standing.SOURCED.value,
        )
        for c in codes
    ]
