# SPDX-License-Identifier: Apache-2.0
"""Where two nurses made a visit each has her own miles."""
from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("nursing", "0013_a_suites_own_shelf")]

    operations = [
        migrations.RemoveConstraint(
            model_name="mileage",
            name="mileage_once_a_visit",
        ),
        migrations.AddConstraint(
            model_name="mileage",
            constraint=models.UniqueConstraint(fields=("organization", "visit", "nurse"), name="mileage_once_a_visit_and_nurse"),
        ),
    ]
