# SPDX-License-Identifier: Apache-2.0
"""Writes of the desk: that a chart or a document was opened is itself a fact of the journal."""

from __future__ import annotations

from uuid import UUID

from openinfusion.desk.permissions import CHART, FILE
from openinfusion.platform.action import action, fetch
from openinfusion.platform.actor import Actor
from openinfusion.platform.files import FileContent, open_file
from openinfusion.platform.journal import write
from openinfusion.platform.models import Organization, StoredFile


@action
def open_chart(*, patient_id: UUID, by: Actor) -> UUID:
    """Note that this person opened this patient's chart."""
    by.must(CHART)
    organization = Organization.objects.get(pk=by.organization_id)
    return write(by, "desk.chart.read", organization, "{actor} opened the chart.", patient_id=patient_id)


@action
def open_document(*, file_id: UUID, by: Actor) -> FileContent:
    """A stored document, the opening noted; NotFound if it is not yours."""
    by.must(FILE)
    found = open_file(file_id)
    write(by, "desk.file.read", fetch(StoredFile, file_id), "{actor} opened {subject}.")
    return found
