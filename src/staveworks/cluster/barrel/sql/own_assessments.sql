-- The assessments of the organisation that acts. A function, so that whoever writes a diagnosis doesn't plan the assessments' own
-- policy three times over: planning was most of what it took.
CREATE FUNCTION barrel_own_assessments() RETURNS SETOF uuid LANGUAGE plpgsql STABLE ROWS 20 AS $$
BEGIN
    RETURN QUERY SELECT id FROM barrel_assessment WHERE org_id = app_org();
END $$;
