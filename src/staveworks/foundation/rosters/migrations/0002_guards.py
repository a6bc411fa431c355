"""Lists belong to the operator that loaded them; states move along their edges; nothing points across organisations."""

from django.db import migrations

from staveworks.db.operations import legal_edges, same_organisation, secure

OWN = "org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("rosters", "0001_initial"), ("parties", "0002_guards")]
    operations = [
        secure("rosters_roster", using=OWN),
        secure("rosters_row", using=OWN),
        secure("rosters_match_key", using=OWN),
        secure("rosters_pair", using=OWN),
        secure("rosters_decision", using=OWN),
        same_organisation("rosters_row", "roster_id", "rosters_roster"),
        same_organisation("rosters_pair", "left_row_id", "rosters_row"),
        same_organisation("rosters_pair", "right_row_id", "rosters_row"),
        same_organisation("rosters_decision", "pair_id", "rosters_pair"),
        legal_edges(
            "rosters_roster",
            "state",
            [
                ("mapped", "running"),
                ("mapped", "discarded"),
                ("running", "done"),
                ("running", "stopped"),
                ("running", "failed"),
                ("stopped", "running"),
                ("failed", "running"),
            ],
        ),
        legal_edges(
            "rosters_pair",
            "state",
            [
                ("open", "merged"),
                ("open", "apart"),
                ("open", "settled"),
                ("merged", "open"),
                ("apart", "open"),
                ("settled", "open"),
            ],
        ),
        migrations.RunSQL(
            """
            -- A decision is history: nothing but its undoing may be added, once.
            CREATE FUNCTION rosters_decision_kept() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF OLD.undone_at IS NOT NULL
                   OR (to_jsonb(NEW) - 'undone_at' - 'undone_by_id' - 'by_id')
                      IS DISTINCT FROM (to_jsonb(OLD) - 'undone_at' - 'undone_by_id' - 'by_id') THEN
                    RAISE EXCEPTION 'rosters_decision: only undoing may be added' USING ERRCODE = '23514';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER rosters_decision_history BEFORE UPDATE ON rosters_decision
                FOR EACH ROW EXECUTE FUNCTION rosters_decision_kept();
            REVOKE DELETE, TRUNCATE ON rosters_decision FROM staveworks_app;
            """,
            migrations.RunSQL.noop,
        ),
    ]
