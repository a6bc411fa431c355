"""A wish may be to move a booking to an earlier time."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('booking', '0005_wish_guards'),
        ('orders', '0003_expected_lines'),
    ]

    operations = [
        migrations.AddField(
            model_name='wish',
            name='moves',
            field=models.ForeignKey(help_text='to an earlier time', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.line'),
        ),
    ]
