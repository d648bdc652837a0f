# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "openinfusion.desk"
    label = "desk"
