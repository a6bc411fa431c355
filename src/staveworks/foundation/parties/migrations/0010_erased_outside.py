"""Sign-ins and second factors, kept by allauth's tables, aren't made for whoever was erased."""

from django.db import migrations

TABLES = ("account_emailaddress", "mfa_authenticator", "socialaccount_socialaccount", "usersessions_usersession")
TRIGGERS = "\n".join(
    f"""CREATE TRIGGER {table}_erased BEFORE INSERT ON {table}
        FOR EACH ROW EXECUTE FUNCTION refuse_erased('user_id');"""
    for table in TABLES
)


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0009_erased"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("usersessions", "0001_initial"),
    ]
    operations = [migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop)]
