# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "openinfusion.sites"
    label = "sites"
