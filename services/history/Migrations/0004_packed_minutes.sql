-- Where ticks lie, and predictions likewise; see docs/adr/0003-table-layout.md. Each row is in one of three tables:
--   ticks_recent  as it came, until its minute is sealed and packed. Its rows before roll_ups.rolled are in ticks_packed and
--                 count no more; the partitions of such hours are dropped.
--   ticks_packed  an entity's rows of one schema and minute together.
--   ticks         as it came, where it came late or before there were packed minutes. The roller moves it to ticks_packed.
-- Hypertables hold all rows in ticks and predictions, and the others stay empty.
CREATE TABLE history.ticks_recent (LIKE history.ticks INCLUDING ALL) PARTITION BY RANGE (t);

-- t = begin of the minute, offsets = milliseconds after it of each row, ascending; values = those of the first column, then
-- those of the second, ...: neighbours are alike, which is what PostgreSQL's compression lives on. A minute may have several
-- rows of a schema when one would be too large.
CREATE TABLE history.ticks_packed (
    t       timestamptz NOT NULL,
    entity  integer NOT NULL,
    schema  integer NOT NULL,
    offsets integer[] NOT NULL,
    values  double precision[] COMPRESSION pglz NOT NULL
) PARTITION BY RANGE (t);
CREATE INDEX ticks_packed_by_entity ON history.ticks_packed (entity, t);

CREATE TABLE history.predictions_recent (LIKE history.predictions INCLUDING ALL) PARTITION BY RANGE (t);

-- An entity's verdicts of one cadence, model and minute: element by element they belong together.
CREATE TABLE history.predictions_packed (
    t                timestamptz NOT NULL,
    entity           integer NOT NULL,
    cadence_ms       integer NOT NULL,
    anomalies        integer NOT NULL,
    model            text NOT NULL,
    offsets          integer[] NOT NULL,
    p_values         double precision[] NOT NULL,
    scores           real[] NOT NULL,
    are_extrapolated boolean[] NOT NULL,
    are_anomalous    boolean[] NOT NULL
) PARTITION BY RANGE (t);
CREATE INDEX predictions_packed_by_entity ON history.predictions_packed (entity, t);
CREATE INDEX predictions_packed_by_time ON history.predictions_packed USING brin (t) WITH (autosummarize = on);
CREATE INDEX predictions_packed_anomalous ON history.predictions_packed (t) WHERE anomalies > 0;

-- A replica of a version that does not pack would roll up the rows of ticks alone, and hide by that what waits to be packed.
-- It may go on storing: its rows come into ticks, where they count as they are.
CREATE FUNCTION history.refuse_who_does_not_pack() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('history.packs', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'only a version of history that packs minutes may roll them up since migration 4: stop the replicas of the version before';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER only_packers AFTER UPDATE OF since, rolled_hours, rolled ON history.roll_ups
    FOR EACH STATEMENT EXECUTE FUNCTION history.refuse_who_does_not_pack();
CREATE TRIGGER only_packers AFTER DELETE ON history.late
    FOR EACH STATEMENT EXECUTE FUNCTION history.refuse_who_does_not_pack();

-- Creates the partition of one hour, which is only added to for its time and then dropped: neither vacuum nor statistics are
-- worth the while.
CREATE FUNCTION history.ensure_hour(parent text, hour timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    child text := parent || '_' || to_char(hour AT TIME ZONE 'UTC', 'YYYYMMDDHH24');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('history.' || child));
    IF to_regclass('history.' || quote_ident(child)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE history.%I (LIKE history.%I INCLUDING ALL) WITH (autovacuum_enabled = false)', child, parent);
    EXECUTE format('ALTER TABLE history.%I ATTACH PARTITION history.%I FOR VALUES FROM (%L) TO (%L)', parent, child, hour, hour + interval '1 hour');
END $$;

-- The rows a person or Grafana expects. row_t is the time under which a row is stored: at most t, and less than a minute
-- before it. PostgreSQL finds a span of time quickly by conditions on row_t; history.samples_between and scores_between state
-- both.
CREATE OR REPLACE VIEW history.samples AS
SELECT e.name AS entity, c.name, c.labels, c.unit, c.series, k.t, v.value, k.t AS row_t
FROM history.ticks k
JOIN history.entities e ON e.id = k.entity
CROSS JOIN LATERAL unnest(k.values) WITH ORDINALITY AS v(value, ordinal)
JOIN history.columns c ON c.schema = k.schema AND c.ordinal = v.ordinal
WHERE v.value <> 'NaN'
UNION ALL
SELECT e.name, c.name, c.labels, c.unit, c.series, k.t, v.value, k.t
FROM history.ticks_recent k
JOIN history.entities e ON e.id = k.entity
CROSS JOIN LATERAL unnest(k.values) WITH ORDINALITY AS v(value, ordinal)
JOIN history.columns c ON c.schema = k.schema AND c.ordinal = v.ordinal
WHERE v.value <> 'NaN' AND k.t >= (SELECT rolled FROM history.roll_ups WHERE stream = 'r')
UNION ALL
SELECT e.name, c.name, c.labels, c.unit, c.series,
    k.t + k.offsets[(v.place - 1) % cardinality(k.offsets) + 1] * interval '1 millisecond', v.value, k.t
FROM history.ticks_packed k
JOIN history.entities e ON e.id = k.entity
CROSS JOIN LATERAL unnest(k.values) WITH ORDINALITY AS v(value, place)
JOIN history.columns c ON c.schema = k.schema AND c.ordinal = (v.place - 1) / cardinality(k.offsets) + 1
WHERE v.value <> 'NaN';

-- Conditions on what it returns (entity, name, ...) take part in the search, as they do with the view.
CREATE FUNCTION history.samples_between(since timestamptz, before timestamptz)
RETURNS TABLE (entity text, name text, labels jsonb, unit text, series text, t timestamptz, value double precision) LANGUAGE sql STABLE AS $$
    SELECT s.entity, s.name, s.labels, s.unit, s.series, s.t, s.value FROM history.samples s
    WHERE s.t >= since AND s.t < before AND s.row_t > since - interval '1 minute' AND s.row_t < before
$$;

CREATE OR REPLACE VIEW history.scores AS
SELECT e.name AS entity, k.t, k.cadence_ms, k.score, k.p, k.extrapolated, k.anomalous, k.model, k.t AS row_t
FROM history.predictions k
JOIN history.entities e ON e.id = k.entity
UNION ALL
SELECT e.name, k.t, k.cadence_ms, k.score, k.p, k.extrapolated, k.anomalous, k.model, k.t
FROM history.predictions_recent k
JOIN history.entities e ON e.id = k.entity
WHERE k.t >= (SELECT rolled FROM history.roll_ups WHERE stream = 'p')
UNION ALL
SELECT e.name, k.t + u.place * interval '1 millisecond', k.cadence_ms, u.score, u.p, u.extrapolated, u.anomalous, k.model, k.t
FROM history.predictions_packed k
JOIN history.entities e ON e.id = k.entity
CROSS JOIN LATERAL unnest(k.offsets, k.p_values, k.scores, k.are_extrapolated, k.are_anomalous) AS u(place, p, score, extrapolated, anomalous);

CREATE FUNCTION history.scores_between(since timestamptz, before timestamptz)
RETURNS TABLE (entity text, t timestamptz, cadence_ms integer, score real, p double precision, extrapolated boolean, anomalous boolean, model text)
LANGUAGE sql STABLE AS $$
    SELECT s.entity, s.t, s.cadence_ms, s.score, s.p, s.extrapolated, s.anomalous, s.model FROM history.scores s
    WHERE s.t >= since AND s.t < before AND s.row_t > since - interval '1 minute' AND s.row_t < before
$$;
