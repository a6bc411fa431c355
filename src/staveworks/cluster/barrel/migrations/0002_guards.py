"""Who may see which rows; what is finished stays; a changed answer loses its attestations."""

from django.db import migrations

from staveworks.db.operations import append_only, legal_edges, same_organisation, secure

FINISHED = """
CREATE OR REPLACE FUNCTION barrel_refuse_finished() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE whose uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.assessment_id ELSE NEW.assessment_id END;
BEGIN
    IF (SELECT state FROM barrel_assessment WHERE id = whose) IS DISTINCT FROM 'open' THEN
        RAISE EXCEPTION 'assessment % is finished', whose USING ERRCODE = '23514';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER barrel_answer_finished BEFORE INSERT OR UPDATE OR DELETE ON barrel_answer
    FOR EACH ROW EXECUTE FUNCTION barrel_refuse_finished();
CREATE TRIGGER barrel_answer_change_finished BEFORE INSERT ON barrel_answer_change
    FOR EACH ROW EXECUTE FUNCTION barrel_refuse_finished();

CREATE OR REPLACE FUNCTION barrel_keep_finished() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'open' AND to_jsonb(NEW) - 'state' <> to_jsonb(OLD) - 'state' THEN
        RAISE EXCEPTION 'assessment % is finished', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER barrel_assessment_kept BEFORE UPDATE ON barrel_assessment
    FOR EACH ROW EXECUTE FUNCTION barrel_keep_finished();

CREATE OR REPLACE FUNCTION barrel_keep_diagnosis() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['current', 'at', 'verified_water', 'planks'];
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.finished AND to_jsonb(NEW) - may <> to_jsonb(OLD) - may) THEN
        RAISE EXCEPTION 'the diagnosis of assessment % is kept', OLD.assessment_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER barrel_diagnosis_kept BEFORE UPDATE OR DELETE ON barrel_diagnosis
    FOR EACH ROW EXECUTE FUNCTION barrel_keep_diagnosis();

CREATE OR REPLACE FUNCTION barrel_lose_attestations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE barrel_attestation SET lost_at = now() WHERE answer_id = NEW.id AND lost_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER barrel_answer_changed AFTER UPDATE OF value ON barrel_answer
    FOR EACH ROW WHEN (OLD.value IS DISTINCT FROM NEW.value) EXECUTE FUNCTION barrel_lose_attestations();
"""

SIGHT = "sees_firm(org_id, 'assessment')"
OWN = "org_id = app_org()"


class Migration(migrations.Migration):
    dependencies = [("barrel", "0001_initial"), ("parties", "0002_guards"), ("files", "0002_guards")]
    operations = [
        migrations.RunSQL(FINISHED, migrations.RunSQL.noop),
        *(
            secure(f"barrel_{table}", using=SIGHT, write=OWN)
            for table in ("assessment", "answer", "answer_change", "evidence", "attestation")
        ),
        secure("barrel_diagnosis", using="sees_firm(org_id, 'barrel')", write=OWN),
        append_only("barrel_answer_change"),
        append_only("barrel_edition"),
        legal_edges("barrel_assessment", "state", [("open", "finished"), ("finished", "superseded")]),
        same_organisation("barrel_answer", "assessment_id", "barrel_assessment"),
        same_organisation("barrel_answer_change", "assessment_id", "barrel_assessment"),
        same_organisation("barrel_diagnosis", "assessment_id", "barrel_assessment"),
        same_organisation("barrel_assessment", "rescored_from_id", "barrel_assessment"),
        same_organisation("barrel_evidence", "answer_id", "barrel_answer"),
        same_organisation("barrel_evidence", "file_id", "files_stored_file"),
        same_organisation("barrel_attestation", "answer_id", "barrel_answer"),
    ]
