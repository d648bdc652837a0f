# SPDX-License-Identifier: Apache-2.0
"""Later days of a cycle that are cleared on their own."""

import django.db.models.deletion
import openinfusion.kernel.ids
import openinfusion.platform.clock
import openinfusion.platform.record
import openinfusion.platform.scope
import pghistory.utils
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('patients', '0002_medication'),
        ('therapy', '0004_regimen'),
    ]

    operations = [
        migrations.CreateModel(
            name='CycleDay',
            fields=[
                ('id', models.UUIDField(default=openinfusion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organization', openinfusion.platform.record.OrganizationField(default=openinfusion.platform.scope.owning_organization_id, editable=False)),
                ('made_at', models.DateTimeField(default=openinfusion.platform.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('state', models.TextField(choices=[('due', 'due'), ('cleared', 'cleared'), ('omitted', 'omitted')], default='due', editable=False)),
                ('day', models.PositiveSmallIntegerField()),
                ('cleared_by', models.UUIDField(null=True)),
                ('clearer_name', models.TextField(default='')),
                ('cleared_at', models.DateTimeField(null=True)),
                ('judged', models.JSONField(default=list)),
                ('override_code', models.TextField(default='')),
                ('override_note', models.TextField(default='')),
                ('approved_by', models.TextField(default='')),
                ('cycle', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='therapy.regimencycle')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CycleDayEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.UUIDField(default=openinfusion.kernel.ids.new_id, editable=False, serialize=False)),
                ('organization', openinfusion.platform.record.OrganizationField(default=openinfusion.platform.scope.owning_organization_id, editable=False)),
                ('made_at', models.DateTimeField(default=openinfusion.platform.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('state', models.TextField(choices=[('due', 'due'), ('cleared', 'cleared'), ('omitted', 'omitted')], default='due', editable=False)),
                ('day', models.PositiveSmallIntegerField()),
                ('cleared_by', models.UUIDField(null=True)),
                ('clearer_name', models.TextField(default='')),
                ('cleared_at', models.DateTimeField(null=True)),
                ('judged', models.JSONField(default=list)),
                ('override_code', models.TextField(default='')),
                ('override_note', models.TextField(default='')),
                ('approved_by', models.TextField(default='')),
                ('cycle', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='therapy.regimencycle')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='patients.patient')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='therapy.cycleday')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='cycleday',
            index=models.Index(fields=['organization', 'state'], name='cycle_day_by_state'),
        ),
        migrations.AddConstraint(
            model_name='cycleday',
            constraint=models.UniqueConstraint(fields=('cycle', 'day'), name='cycle_day_once'),
        ),
        migrations.AddConstraint(
            model_name='cycleday',
            constraint=models.CheckConstraint(condition=models.Q(('day__gte', 2)), name='cycle_day_is_a_later_one'),
        ),
        migrations.AddConstraint(
            model_name='cycleday',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'cleared'), _negated=True), models.Q(('cleared_at__isnull', False), ('cleared_by__isnull', False)), _connector='OR'), name='cycle_day_is_cleared_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='cycleday',
            constraint=models.CheckConstraint(condition=models.Q(('override_code', ''), models.Q(('approved_by', ''), _negated=True), _connector='OR'), name='cycle_day_override_has_a_prescriber'),
        ),
    ]
