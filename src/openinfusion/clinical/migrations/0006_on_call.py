# SPDX-License-Identifier: Apache-2.0
"""Calls know whom they were handed to, and the state of a call that went to the manager."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinical', '0005_interactions_and_observations'),
        ('patients', '0002_medication'),
        ('platform', '0001_initial'),
        ('therapy', '0004_regimen'),
    ]

    operations = [
        migrations.AddField(
            model_name='call',
            name='duty',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='call',
            name='on_call',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='call',
            name='on_call_name',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='call',
            name='on_call_phone',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='call',
            name='on_call_words',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='call',
            name='raised',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='call',
            name='site',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.site'),
        ),
        migrations.AddField(
            model_name='callevent',
            name='duty',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='callevent',
            name='on_call',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='callevent',
            name='on_call_name',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='callevent',
            name='on_call_phone',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='callevent',
            name='on_call_words',
            field=models.TextField(default=''),
        ),
        migrations.AddField(
            model_name='callevent',
            name='raised',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='callevent',
            name='site',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='platform.site'),
        ),
        migrations.AlterField(
            model_name='call',
            name='state',
            field=models.TextField(choices=[('logged', 'logged'), ('with_pharmacist', 'with pharmacist'), ('with_nurse', 'with nurse'), ('with_manager', 'with manager'), ('taken', 'taken'), ('settled', 'settled')], default='logged', editable=False),
        ),
        migrations.AlterField(
            model_name='callevent',
            name='state',
            field=models.TextField(choices=[('logged', 'logged'), ('with_pharmacist', 'with pharmacist'), ('with_nurse', 'with nurse'), ('with_manager', 'with manager'), ('taken', 'taken'), ('settled', 'settled')], default='logged', editable=False),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('on_call', None), ('on_call_name', ''), ('on_call_phone', '')), models.Q(('on_call__isnull', False), models.Q(('duty', ''), _negated=True), models.Q(('on_call_name', ''), _negated=True), models.Q(('on_call_phone', ''), _negated=True)), _connector='OR'), name='call_names_who_is_on_call'),
        ),
    ]
