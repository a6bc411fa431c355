-- Versions follow each other without a gap, and the offer names the latest: whoever publishes holds the offer's row.
CREATE FUNCTION catalogue_version_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number IS DISTINCT FROM (SELECT number + 1 FROM catalogue_offer WHERE id = NEW.offer_id) THEN
        RAISE EXCEPTION 'offer %: version % does not follow', NEW.offer_id, NEW.number USING ERRCODE = '23514';
    END IF;
    NEW.published_at := clock_timestamp();
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_version_follows BEFORE INSERT ON catalogue_version
    FOR EACH ROW EXECUTE FUNCTION catalogue_version_follows();

CREATE FUNCTION catalogue_offer_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.provider_org_id <> OLD.provider_org_id THEN
        RAISE EXCEPTION 'offer %: it stays its provider''s', OLD.id USING ERRCODE = '23514';
    END IF;
    IF NEW.number <> OLD.number AND (
        NEW.number <> OLD.number + 1
        OR NOT EXISTS (SELECT FROM catalogue_version WHERE offer_id = NEW.id AND number = NEW.number)
    ) THEN
        RAISE EXCEPTION 'offer %: there is no version %', OLD.id, NEW.number USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER catalogue_offer_kept BEFORE UPDATE ON catalogue_offer
    FOR EACH ROW EXECUTE FUNCTION catalogue_offer_kept();
