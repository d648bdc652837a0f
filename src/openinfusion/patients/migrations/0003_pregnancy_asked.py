# SPDX-License-Identifier: Apache-2.0
"""What patients said about pregnancy and lactation."""

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
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.UUIDField(default=openinfusion.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('organization', openinfusion.platform.record.OrganizationField(default=openinfusion.platform.scope.owning_organization_id, editable=False)),
                ('made_at', models.DateTimeField(default=openinfusion.platform.clock.now, editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('recorded_by', models.UUIDField()),
                ('recorded_name', models.TextField()),
                ('origin', models.TextField(default='typed')),
                ('in_error_at', models.DateTimeField(null=True)),
                ('in_error_by', models.UUIDField(null=True)),
                ('in_error_reason', models.TextField(default='')),
                ('about', models.TextField(choices=[('pregnancy', 'pregnancy'), ('lactation', 'lactation')])),
                ('said', models.TextField(choices=[('yes', 'yes'), ('no', 'no'), ('impossible', 'impossible'), ('unknown', 'unknown'), ('not_asked', 'not asked')])),
                ('asked_on', models.DateField(null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='patients.patient')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AskedEvent',
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
                ('recorded_by', models.UUIDField()),
                ('recorded_name', models.TextField()),
                ('origin', models.TextField(default='typed')),
                ('in_error_at', models.DateTimeField(null=True)),
                ('in_error_by', models.UUIDField(null=True)),
                ('in_error_reason', models.TextField(default='')),
                ('about', models.TextField(choices=[('pregnancy', 'pregnancy'), ('lactation', 'lactation')])),
                ('said', models.TextField(choices=[('yes', 'yes'), ('no', 'no'), ('impossible', 'impossible'), ('unknown', 'unknown'), ('not_asked', 'not asked')])),
                ('asked_on', models.DateField(null=True)),
                ('note', models.TextField(blank=True, default='')),
                ('patient', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='patients.patient')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='patients.asked')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddIndex(
            model_name='asked',
            index=models.Index(fields=['patient', 'about', '-made_at'], name='patients_asked_ix'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('asked_on', None), ('said', 'not_asked')), models.Q(models.Q(('said', 'not_asked'), _negated=True), ('asked_on__isnull', False)), _connector='OR'), name='patients_asked_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='asked',
            constraint=models.CheckConstraint(condition=models.Q(('about', 'lactation'), ('said', 'impossible'), _negated=True), name='patients_asked_answer_fits_question'),
        ),
    ]
