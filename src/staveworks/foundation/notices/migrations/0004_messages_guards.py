"""Whose messages and deliveries are whose, the edges of a delivery, attempts only added; how fast one may write."""

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, same_organisation, secure
from staveworks.foundation.notices.messages.types import EDGES

PARTIES = "org_id = app_org() OR operator_id = app_org()"
TAKE = """
-- Take up to `wanted` tokens of bucket `of`, which gains `a_second` and holds at most `most`; how many were there to take.
-- The row stays locked until the transaction ends: who takes tokens and what is sent with them is decided one after the other.
CREATE FUNCTION notices_take(of text, a_second double precision, most double precision, wanted integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE now_is timestamptz; held double precision; taken integer;
BEGIN
    INSERT INTO notices_bucket (key, tokens, filled_at) VALUES (of, most, clock_timestamp()) ON CONFLICT DO NOTHING;
    PERFORM FROM notices_bucket WHERE key = of FOR UPDATE;
    now_is := clock_timestamp();
    SELECT least(most, tokens + a_second * greatest(0, extract(epoch FROM now_is - filled_at))) INTO held
        FROM notices_bucket WHERE key = of;
    taken := least(wanted, floor(held + 1e-9)::integer);
    UPDATE notices_bucket SET tokens = held - taken, filled_at = greatest(filled_at, now_is) WHERE key = of;
    RETURN taken;
END $$;
"""
ONLY_OWN = """
-- The operator whose providers are used may move a delivery on; only the organisation itself makes one.
DROP POLICY tenancy_insert ON notices_delivery;
CREATE POLICY tenancy_insert ON notices_delivery FOR INSERT WITH CHECK (org_id = app_org());
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_messages"), ("parties", "0004_last_owner")]
    operations = [
        secure(
            "notices_message", using="org_id = app_org() OR person_id = app_person()", write="org_id = app_org()"
        ),
        secure("notices_delivery", using=f"{PARTIES} OR person_id = app_person()", write=PARTIES),
        migrations.RunSQL(ONLY_OWN, migrations.RunSQL.noop),
        secure("notices_attempt", using=PARTIES),
        append_only("notices_attempt"),
        secure("notices_template_version", using="org_id = app_org()"),
        append_only("notices_template_version"),
        secure("notices_gateway", using="org_id = app_org()"),
        secure("notices_sink_entry", using="operator_id = app_org()"),
        same_organisation("notices_delivery", "message_id", "notices_message"),
        same_organisation("notices_attempt", "delivery_id", "notices_delivery"),
        legal_edges("notices_delivery", "state", [(was.value, becomes.value) for was, becomes in EDGES]),
        migrations.RunSQL(TAKE, migrations.RunSQL.noop),
    ]
