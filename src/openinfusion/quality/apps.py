# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "openinfusion.quality"
    label = "quality"
