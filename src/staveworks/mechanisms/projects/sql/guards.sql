-- By the database's clock, whatever any other clock says. A request keeps its words and its deadline once it is published.
CREATE FUNCTION projects_request_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (to_jsonb(NEW) - ARRAY['state', 'reason', 'made_by_id'] <> to_jsonb(OLD) - ARRAY['state', 'reason', 'made_by_id']) THEN
        RAISE EXCEPTION 'request %: what is published stays', OLD.id USING ERRCODE = '23514';
    END IF;
    IF OLD.state = 'draft' AND NEW.state = 'open' AND NEW.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'request %: its deadline is over', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_request_kept BEFORE UPDATE ON projects_request FOR EACH ROW EXECUTE FUNCTION projects_request_kept();

-- The list of whom it is open to, and the files, are part of what is published.
CREATE FUNCTION projects_request_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its uuid := CASE WHEN TG_OP = 'DELETE' THEN OLD.request_id ELSE NEW.request_id END;
BEGIN
    IF EXISTS (SELECT FROM projects_request WHERE id = its AND state <> 'draft') THEN
        RAISE EXCEPTION 'request %: what is published stays', its USING ERRCODE = '23514';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER projects_invited_part BEFORE INSERT OR UPDATE OR DELETE ON projects_invited FOR EACH ROW EXECUTE FUNCTION projects_request_part();
CREATE TRIGGER projects_attachment_part BEFORE INSERT OR UPDATE OR DELETE ON projects_attachment FOR EACH ROW EXECUTE FUNCTION projects_request_part();

-- A sealed version comes in before the deadline or not at all: looked at when it is written and again when it is committed.
-- The request is read as its provider sees it, so an uninvited organisation finds none.
CREATE FUNCTION projects_proposal_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked record;
BEGIN
    SELECT * INTO asked FROM projects_request WHERE id = NEW.request_id;
    IF NOT FOUND OR asked.state <> 'open' OR asked.buyer_org_id = NEW.provider_org_id THEN
        RAISE EXCEPTION 'request %: takes no proposal of %', NEW.request_id, NEW.provider_org_id USING ERRCODE = '23514';
    END IF;
    IF asked.closes_at <= clock_timestamp() THEN
        RAISE EXCEPTION 'request %: the deadline has passed', NEW.request_id USING ERRCODE = '23514';
    END IF;
    IF asked.nda <> '' AND NOT EXISTS (
        SELECT FROM projects_promise WHERE request_id = NEW.request_id AND provider_org_id = NEW.provider_org_id) THEN
        RAISE EXCEPTION 'request %: the NDA is not accepted', NEW.request_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION projects_proposal_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sealed_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER projects_proposal_begun BEFORE INSERT ON projects_proposal FOR EACH ROW EXECUTE FUNCTION projects_proposal_begun();
CREATE TRIGGER projects_proposal_in_time BEFORE INSERT ON projects_proposal FOR EACH ROW EXECUTE FUNCTION projects_proposal_in_time();

-- As a failed serialisation, which whoever began the transaction repeats: the second time it is told that the deadline has passed.
CREATE FUNCTION projects_proposal_committed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM projects_request WHERE id = NEW.request_id AND closes_at <= clock_timestamp()) THEN
        RAISE EXCEPTION 'request %: the deadline passed before it was committed', NEW.request_id USING ERRCODE = '40001';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER projects_proposal_committed AFTER INSERT ON projects_proposal
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION projects_proposal_committed();

-- Opened between the deadline and the end of the opening, the last version only, and nothing but what it committed to.
CREATE FUNCTION projects_opening_true() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked record; its record;
BEGIN
    SELECT * INTO asked FROM projects_request WHERE id = NEW.request_id;
    SELECT * INTO its FROM projects_proposal WHERE id = NEW.proposal_id;
    IF asked.closes_at > clock_timestamp() THEN
        RAISE EXCEPTION 'proposal %: it is sealed until the deadline', NEW.proposal_id USING ERRCODE = '23514';
    END IF;
    IF asked.state <> 'open' OR asked.opens_until <= clock_timestamp() THEN
        RAISE EXCEPTION 'proposal %: the time for opening is over', NEW.proposal_id USING ERRCODE = '23514';
    END IF;
    IF its.request_id <> NEW.request_id OR its.provider_org_id <> NEW.provider_org_id OR its.sealed = '' OR EXISTS (
        SELECT FROM projects_proposal later
        WHERE later.request_id = its.request_id AND later.provider_org_id = its.provider_org_id AND later.number > its.number) THEN
        RAISE EXCEPTION 'proposal %: it was withdrawn or replaced', NEW.proposal_id USING ERRCODE = '23514';
    END IF;
    IF encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') <> its.commitment THEN
        RAISE EXCEPTION 'proposal %: this is not what it committed to', NEW.proposal_id USING ERRCODE = '23514';
    END IF;
    IF NEW.price_fen <> (SELECT sum((each ->> 'price_fen')::bigint) FROM jsonb_array_elements(NEW.content::jsonb -> 'milestones') each) THEN
        RAISE EXCEPTION 'proposal %: its price is the sum of its milestones', NEW.proposal_id USING ERRCODE = '23514';
    END IF;
    NEW.opened_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER projects_opening_true BEFORE INSERT ON projects_opening FOR EACH ROW EXECUTE FUNCTION projects_opening_true();

-- Points are given while the comparison runs.
CREATE FUNCTION projects_points_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM projects_opening o JOIN projects_request r ON r.id = o.request_id
        WHERE o.proposal_id = NEW.opening_id AND r.buyer_org_id = NEW.buyer_org_id AND r.state = 'open') THEN
        RAISE EXCEPTION 'points: this comparison is over' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_points_open BEFORE INSERT OR UPDATE ON projects_points FOR EACH ROW EXECUTE FUNCTION projects_points_open();

-- Awarded is an opened proposal of the request, when nothing more can be opened: all of it is open, or the time for it is over.
CREATE FUNCTION projects_contract_due() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE asked record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - ARRAY['set_aside_at', 'made_by_id'] <> to_jsonb(OLD) - ARRAY['set_aside_at', 'made_by_id'] OR OLD.set_aside_at IS NOT NULL AND NEW.set_aside_at IS DISTINCT FROM OLD.set_aside_at THEN
            RAISE EXCEPTION 'contract %: what was awarded stays', OLD.id USING ERRCODE = '23514';
        END IF;
        IF NEW.set_aside_at IS NOT NULL AND OLD.set_aside_at IS NULL AND EXISTS (
            SELECT FROM projects_milestone m JOIN orders_line l ON l.id = m.line_id
            WHERE m.contract_id = OLD.id AND l.state NOT IN ('draft', 'declined', 'expired', 'cancelled', 'displaced', 'no_show')) THEN
            RAISE EXCEPTION 'contract %: it stands', OLD.id USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO asked FROM projects_request WHERE id = NEW.request_id;
    IF NOT EXISTS (SELECT FROM projects_opening WHERE proposal_id = NEW.opening_id AND request_id = NEW.request_id AND provider_org_id = NEW.provider_org_id) THEN
        RAISE EXCEPTION 'request %: only an opened proposal of it is awarded', NEW.request_id USING ERRCODE = '23514';
    END IF;
    IF asked.closes_at > clock_timestamp() OR (asked.opens_until > clock_timestamp() AND EXISTS (
        SELECT FROM projects_proposal p
        WHERE p.request_id = NEW.request_id AND p.sealed <> ''
          AND NOT EXISTS (SELECT FROM projects_proposal l WHERE l.request_id = p.request_id AND l.provider_org_id = p.provider_org_id AND l.number > p.number)
          AND NOT EXISTS (SELECT FROM projects_opening o WHERE o.proposal_id = p.id))) THEN
        RAISE EXCEPTION 'request %: some proposals may still be opened', NEW.request_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_contract_due BEFORE INSERT OR UPDATE ON projects_contract FOR EACH ROW EXECUTE FUNCTION projects_contract_due();

-- A milestone is what the awarded proposal says at its place; another version of it, or another milestone, is what both have
-- signed. What was agreed stays: only its order line is filled in, by the buyer.
CREATE FUNCTION projects_milestone_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE said jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) - 'line_id' <> to_jsonb(OLD) - 'line_id' THEN
            RAISE EXCEPTION 'milestone %: what was agreed stays', OLD.id USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.change_id IS NULL THEN
        SELECT o.content::jsonb -> 'milestones' -> (NEW.place - 1) INTO said
        FROM projects_contract c JOIN projects_opening o ON o.proposal_id = c.opening_id WHERE c.id = NEW.contract_id AND NEW.version = 1;
    ELSE
        SELECT each INTO said FROM projects_change c, jsonb_array_elements(c.edits) each
        WHERE c.id = NEW.change_id AND c.contract_id = NEW.contract_id AND (each ->> 'place')::int = NEW.place
          AND (SELECT count(DISTINCT s.org_id) FROM projects_signature s WHERE s.change_id = c.id AND s.word = 'signed') = 2;
    END IF;
    IF said IS NULL OR (said ->> 'price_fen')::bigint <> NEW.price_fen OR (said ->> 'due_date')::date <> NEW.due_date
       OR said ->> 'title' <> NEW.title OR said ->> 'deliverable' <> NEW.deliverable OR said ->> 'criteria' <> NEW.criteria THEN
        RAISE EXCEPTION 'milestone % of contract %: not as agreed by both', NEW.place, NEW.contract_id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_milestone_agreed BEFORE INSERT OR UPDATE ON projects_milestone FOR EACH ROW EXECUTE FUNCTION projects_milestone_agreed();

-- Each side speaks for itself, once.
CREATE FUNCTION projects_signed_by_itself() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.org_id IS DISTINCT FROM app_org() THEN
        RAISE EXCEPTION 'change %: nobody signs for another', NEW.change_id USING ERRCODE = '23514';
    END IF;
    NEW.at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER projects_signed_by_itself BEFORE INSERT ON projects_signature FOR EACH ROW EXECUTE FUNCTION projects_signed_by_itself();

-- Handed over by the provider, judged by the buyer, once; by itself when its time is over.
CREATE FUNCTION projects_delivery_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE may text[] := ARRAY['verdict', 'reason', 'judged_by_id', 'judged_at', 'delivered_by_id'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF app_org() IS DISTINCT FROM NEW.provider_org_id OR NEW.verdict <> '' THEN
            RAISE EXCEPTION 'delivery %: its provider delivers', NEW.id USING ERRCODE = '23514';
        END IF;
        RETURN NEW;
    END IF;
    IF to_jsonb(NEW) - may <> to_jsonb(OLD) - may OR (OLD.verdict <> '' AND (NEW.verdict <> OLD.verdict OR NEW.reason <> OLD.reason)) THEN
        RAISE EXCEPTION 'delivery %: said once', OLD.id USING ERRCODE = '23514';
    END IF;
    IF NEW.verdict <> OLD.verdict THEN
        IF app_org() IS DISTINCT FROM OLD.buyer_org_id OR (NEW.verdict = 'returned' AND OLD.due_at <= clock_timestamp()) THEN
            RAISE EXCEPTION 'delivery %: its buyer judges it, in time', OLD.id USING ERRCODE = '23514';
        END IF;
        NEW.judged_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER projects_delivery_kept BEFORE INSERT OR UPDATE ON projects_delivery FOR EACH ROW EXECUTE FUNCTION projects_delivery_kept();
