"""Who may see which row, what stays as it was written, along which edges a ticket moves."""

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, secure
from staveworks.foundation.support.types import EDGES

SEEN = "org_id = app_org() OR operator_id = app_org() OR (org_id IS NULL AND person_id = app_person())"
TICKET_SEEN = "EXISTS (SELECT 1 FROM support_ticket t WHERE t.id = ticket_id)"


class Migration(migrations.Migration):
    dependencies = [("support", "0001_initial"), ("parties", "0002_guards")]
    operations = [
        secure("support_ticket", using=SEEN),
        migrations.RunSQL("REVOKE DELETE ON support_ticket FROM staveworks_app", migrations.RunSQL.noop),
        legal_edges("support_ticket", "state", [(str(was), str(becomes)) for was, becomes in EDGES]),
        secure("support_entry", using=TICKET_SEEN),
        append_only("support_entry"),
    ]
