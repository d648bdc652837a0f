# SPDX-License-Identifier: Apache-2.0
"""Tenant and site: the organization that owns everything, and the places it works at."""

from __future__ import annotations

from django.db import models

from openinfusion.kernel.ids import new_id
from openinfusion.platform.record import Record


class Organization(models.Model):
    """One tenant. The only table beside sign-in that stands outside row-level security."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.TextField()
    is_demo = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Site(Record):
    """A pharmacy or a suite: the place a person works at; the rooms add what they need to know about it."""

    name = models.TextField()
    kind = models.TextField(choices=[("pharmacy", "pharmacy"), ("suite", "infusion suite")])
    timezone = models.TextField()

    def __str__(self) -> str:
        return self.name
