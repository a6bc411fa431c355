from django.db import migrations, models


class Migration(migrations.Migration):
    """Listed before, an offer's effects hold from its smallest order on, as its version says nothing else: no row has to be written."""

    dependencies = [("catalogue", "0004_listing_guards")]
    operations = [
        migrations.AddField(
            model_name="listing", name="effects_fen", field=models.BigIntegerField(null=True)
        ),
    ]
