-- Makes hypertables of history's native partitions, in one transaction. Before it: stop every replica of history, and
-- CREATE EXTENSION timescaledb. It needs free space for a second copy of the tables, with packed minutes as rows (three
-- times their size), and rights that were granted on
-- tables and views of the schema history must be granted again. After it, history sets the compression when it starts.
--   psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f convert-to-timescaledb.sql
DO $$
DECLARE
    parent record;
    day date;
    views text[];
    statement text;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('history.ticks') AND relkind = 'p') THEN
        RAISE EXCEPTION 'history.ticks has no native partitions: there is nothing to convert';
    END IF;
    -- Everything else is named with its schema then.
    PERFORM set_config('search_path', (SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'timescaledb'), true);
    SELECT array_agg(format('CREATE OR REPLACE VIEW %s AS %s', c.oid::regclass, pg_get_viewdef(c.oid)) ORDER BY c.oid) INTO views
    FROM pg_class c WHERE c.relnamespace = 'history'::regnamespace AND c.relkind = 'v';
    -- Hypertables hold rows as they came; TimescaleDB compresses them.
    FOR day IN SELECT DISTINCT (t AT TIME ZONE 'UTC')::date FROM (SELECT t FROM history.ticks_packed UNION ALL SELECT t FROM history.ticks_recent) k LOOP
        PERFORM history.ensure_partition('ticks', day, day + 1);
    END LOOP;
    FOR day IN SELECT DISTINCT (t AT TIME ZONE 'UTC')::date FROM (SELECT t FROM history.predictions_packed UNION ALL SELECT t FROM history.predictions_recent) k LOOP
        PERFORM history.ensure_partition('predictions', day, day + 1);
    END LOOP;
    INSERT INTO history.ticks SELECT * FROM history.ticks_recent WHERE t >= (SELECT rolled FROM history.roll_ups WHERE stream = 'r');
    INSERT INTO history.ticks
    SELECT k.t + k.offsets[r.row] * interval '1 millisecond', k.entity, k.schema, r.values
    FROM history.ticks_packed k CROSS JOIN LATERAL (
        SELECT (v.place - 1) % cardinality(k.offsets) + 1 AS row, array_agg(v.value ORDER BY v.place) AS values
        FROM unnest(k.values) WITH ORDINALITY AS v(value, place) GROUP BY 1) r;
    INSERT INTO history.predictions SELECT * FROM history.predictions_recent WHERE t >= (SELECT rolled FROM history.roll_ups WHERE stream = 'p');
    INSERT INTO history.predictions (t, p, entity, cadence_ms, score, extrapolated, anomalous, model)
    SELECT k.t + u.place * interval '1 millisecond', u.p, k.entity, k.cadence_ms, u.score, u.extrapolated, u.anomalous, k.model
    FROM history.predictions_packed k
    CROSS JOIN LATERAL unnest(k.offsets, k.p_values, k.scores, k.are_extrapolated, k.are_anomalous) AS u(place, p, score, extrapolated, anomalous);
    TRUNCATE history.ticks_recent, history.ticks_packed, history.predictions_recent, history.predictions_packed;
    FOR parent IN SELECT relname FROM pg_class WHERE relnamespace = 'history'::regnamespace AND relkind = 'p' LOOP
        EXECUTE format('CREATE TABLE history.%I (LIKE history.%I INCLUDING ALL)', 'new_' || parent.relname, parent.relname);
        IF parent.relname NOT IN ('ticks_recent', 'ticks_packed', 'predictions_recent', 'predictions_packed') THEN
            PERFORM create_hypertable(
                ('history.new_' || parent.relname)::regclass,
                by_range('t', CASE WHEN parent.relname LIKE '%\_1h' THEN interval '30 days' ELSE interval '1 day' END),
                create_default_indexes => false);
        END IF;
        EXECUTE format('INSERT INTO history.%I SELECT * FROM history.%I', 'new_' || parent.relname, parent.relname);
        EXECUTE format('DROP TABLE history.%I CASCADE', parent.relname);
        EXECUTE format('ALTER TABLE history.%I RENAME TO %I', 'new_' || parent.relname, parent.relname);
    END LOOP;
    FOREACH statement IN ARRAY views LOOP
        EXECUTE statement;
    END LOOP;
END $$;
