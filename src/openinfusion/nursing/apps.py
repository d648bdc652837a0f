# SPDX-License-Identifier: Apache-2.0
"""The Django app of the nursing room."""
from __future__ import annotations

from django.apps import AppConfig


class NursingConfig(AppConfig):
    name = "openinfusion.nursing"
    label = "nursing"
