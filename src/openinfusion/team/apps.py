# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "openinfusion.team"
    label = "team"
