# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "openinfusion.dispatch"
    label = "dispatch"
