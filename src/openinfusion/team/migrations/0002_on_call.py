# SPDX-License-Identifier: Apache-2.0
"""Who is on call: the shifts."""

import django.db.models.deletion
import openinfusion.kernel.ids
import openinfusion.platform.clock
import openinfusion.platform.record
import openinfusion.platform.scope
import pghistory.utils
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('platform', '0001_initial'),
        ('team', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OnCallShift',
            fields=[
                ('id', models.UUIDField(default=openinfusion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organization', openinfusion.platform.record.OrganizationField(default=openinfusion.platform.scope.owning_organization_id, editable=False)),
                ('made_at', models.DateTimeField(default=openinfusion.platform.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('duty', models.TextField(choices=[('pharmacist', 'pharmacist'), ('nurse', 'nurse'), ('manager', 'manager')])),
                ('phone', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('taken_off_at', models.DateTimeField(null=True)),
                ('taken_off_by', models.UUIDField(null=True)),
                ('taken_off_reason', models.TextField(default='')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='team.person')),
                ('site', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='platform.site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='OnCallShiftEvent',
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
                ('duty', models.TextField(choices=[('pharmacist', 'pharmacist'), ('nurse', 'nurse'), ('manager', 'manager')])),
                ('phone', models.TextField()),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('taken_off_at', models.DateTimeField(null=True)),
                ('taken_off_by', models.UUIDField(null=True)),
                ('taken_off_reason', models.TextField(default='')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='team.person')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='team.oncallshift')),
                ('site', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='platform.site')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='oncallshift',
            index=models.Index(fields=['organization', 'site', 'duty', 'ends_at'], name='shift_of_site'),
        ),
        migrations.AddConstraint(
            model_name='oncallshift',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='shift_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='oncallshift',
            constraint=models.CheckConstraint(condition=models.Q(('phone', ''), _negated=True), name='shift_has_a_number'),
        ),
        migrations.AddConstraint(
            model_name='oncallshift',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_off_at', None), ('taken_off_by', None), ('taken_off_reason', '')), models.Q(('taken_off_at__isnull', False), ('taken_off_by__isnull', False), models.Q(('taken_off_reason', ''), _negated=True)), _connector='OR'), name='shift_taken_off_says_why'),
        ),
    ]
