# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class CalculationsConfig(AppConfig):
    name = "openinfusion.calculations"
    label = "calculations"
