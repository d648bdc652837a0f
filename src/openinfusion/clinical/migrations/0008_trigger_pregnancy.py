# SPDX-License-Identifier: Apache-2.0
"""An answer about pregnancy makes the checks run."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0007_break_glass'),
    ]

    operations = [
        migrations.AlterField(
            model_name='firing',
            name='trigger',
            field=models.TextField(choices=[('transcription', 'transcription'), ('allergy', 'allergy'), ('condition', 'condition'), ('lab', 'lab'), ('measurement', 'measurement'), ('medication', 'medication'), ('line', 'line'), ('pregnancy', 'pregnancy'), ('nightly', 'nightly'), ('verification', 'verification')]),
        ),
        migrations.AlterField(
            model_name='firingevent',
            name='trigger',
            field=models.TextField(choices=[('transcription', 'transcription'), ('allergy', 'allergy'), ('condition', 'condition'), ('lab', 'lab'), ('measurement', 'measurement'), ('medication', 'medication'), ('line', 'line'), ('pregnancy', 'pregnancy'), ('nightly', 'nightly'), ('verification', 'verification')]),
        ),
    ]
