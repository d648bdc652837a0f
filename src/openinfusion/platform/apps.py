# SPDX-License-Identifier: Apache-2.0
"""The platform as a Django app: once all rooms are loaded it gathers their permissions, machines and handlers."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PlatformConfig(AppConfig):
    name = "openinfusion.platform"
    label = "platform"
    verbose_name = "Platform"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created
        from django.db.models.signals import post_migrate

        from openinfusion.platform.instants import read_instants
        from openinfusion.platform.plans import keep_plans
        from openinfusion.platform.walls import raise_walls

        connection_created.connect(keep_plans, dispatch_uid="plans")
        connection_created.connect(read_instants, dispatch_uid="instants")
        autodiscover_modules("permissions", "handlers", "jobs")
        post_migrate.connect(raise_walls, sender=self, dispatch_uid="walls")
