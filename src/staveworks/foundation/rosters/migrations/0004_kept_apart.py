"""A person may keep an automatic merge apart: why a row joined, and pairs whose other side only the register has."""

import django.db.models.deletion
from django.db import migrations, models

from staveworks.db.operations import legal_edges


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0007_revocation_guards'),
        ('rosters', '0003_corrects'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='split',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='duplicatepair',
            name='right_firm',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.organisation'),
        ),
        migrations.AddField(
            model_name='rosterrow',
            name='matched_id',
            field=models.UUIDField(help_text='of an automatic merge: the row it was found to be the same as, or the firm where only the register has it', null=True),
        ),
        migrations.AlterField(
            model_name='duplicatepair',
            name='right_row',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='pairs_right', to='rosters.rosterrow'),
        ),
        migrations.AddIndex(
            model_name='rosterrow',
            index=models.Index(condition=models.Q(('matched_id__isnull', False)), fields=['matched_id'], name='rosters_row_matched'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.UniqueConstraint(fields=('left_row', 'right_firm'), name='rosters_pair_firm_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='duplicatepair',
            constraint=models.CheckConstraint(condition=models.Q(('right_row', None), ('right_firm', None), _connector='XOR'), name='rosters_pair_one_right_side'),
        ),
        legal_edges(
            "rosters_pair",
            "state",
            [
                ("open", "merged"),
                ("open", "apart"),
                ("open", "settled"),
                ("merged", "open"),
                ("merged", "apart"),
                ("apart", "open"),
                ("apart", "merged"),
                ("settled", "open"),
            ],
        ),
    ]
