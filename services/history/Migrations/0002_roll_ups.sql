-- Roll-ups of the ticks: one row per entity, schema and bucket, an array per figure with one element per column.
-- counts = 0 where nothing was measured; sums, mins and maxs then hold 0, Infinity and -Infinity, which change no merge.
CREATE TABLE history.ticks_10s (
    t      timestamptz NOT NULL,
    entity integer NOT NULL,
    schema integer NOT NULL,
    counts integer[] NOT NULL,
    sums   double precision[] NOT NULL,
    mins   double precision[] NOT NULL,
    maxs   double precision[] NOT NULL,
    PRIMARY KEY (entity, t, schema)
) PARTITION BY RANGE (t);
CREATE TABLE history.ticks_1m (LIKE history.ticks_10s INCLUDING ALL) PARTITION BY RANGE (t);
CREATE TABLE history.ticks_1h (LIKE history.ticks_10s INCLUDING ALL) PARTITION BY RANGE (t);

-- Roll-ups of the verdicts: the highest score, the smallest p and the number of anomalous ticks survive any step.
CREATE TABLE history.predictions_10s (
    t          timestamptz NOT NULL,
    p          double precision NOT NULL,
    entity     integer NOT NULL,
    cadence_ms integer NOT NULL,
    score      real NOT NULL,
    ticks      integer NOT NULL,
    anomalies  integer NOT NULL,
    PRIMARY KEY (entity, t, cadence_ms)
) PARTITION BY RANGE (t);
CREATE TABLE history.predictions_1m (LIKE history.predictions_10s INCLUDING ALL) PARTITION BY RANGE (t);
CREATE TABLE history.predictions_1h (LIKE history.predictions_10s INCLUDING ALL) PARTITION BY RANGE (t);

-- How far the roll-ups of a stream reach. They hold [since, rolled), hours up to rolled_hours, except the minutes in
-- history.late; nothing before kept_* of a level, where retention has dropped it. Whoever stores a row before sealed adds
-- its minute to history.late; see docs/adr/0002-roll-ups.md.
CREATE TABLE history.roll_ups (
    stream       "char" PRIMARY KEY,
    since        timestamptz NOT NULL,
    rolled_hours timestamptz NOT NULL,
    rolled       timestamptz NOT NULL,
    sealed       timestamptz NOT NULL,
    kept_raw     timestamptz NOT NULL DEFAULT 'epoch',
    kept_10s     timestamptz NOT NULL DEFAULT 'epoch',
    kept_1m      timestamptz NOT NULL DEFAULT 'epoch',
    kept_1h      timestamptz NOT NULL DEFAULT 'epoch'
);

-- Minutes that got rows after they were sealed. Only ever added to and deleted from: the same minute may stand here twice.
CREATE TABLE history.late (
    stream "char" NOT NULL,
    entity integer NOT NULL,
    minute timestamptz NOT NULL
);
CREATE INDEX late_by_entity ON history.late (stream, entity, minute);

-- Creates a partition of any length, named by its first day. It replaces history.ensure_day, which
-- stays for replicas of the version before.
CREATE FUNCTION history.ensure_partition(parent text, first_day date, next_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    child text := parent || '_' || to_char(first_day, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('history.' || child));
    IF to_regclass('history.' || quote_ident(child)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE history.%I (LIKE history.%I INCLUDING ALL)', child, parent);
    EXECUTE format('ALTER TABLE history.%I ATTACH PARTITION history.%I FOR VALUES FROM (%L) TO (%L)',
        parent, child, first_day::timestamp AT TIME ZONE 'UTC', next_day::timestamp AT TIME ZONE 'UTC');
END $$;

-- The rows a person or Grafana expects. They end a minute or two ago; history.samples and history.scores have the rest.
CREATE VIEW history.samples_10s AS
SELECT e.name AS entity, c.name, c.labels, c.unit, c.series, k.t, v.min, v.max, v.sum / v.count AS mean, v.count
FROM history.ticks_10s k
JOIN history.entities e ON e.id = k.entity
CROSS JOIN LATERAL unnest(k.counts, k.sums, k.mins, k.maxs) WITH ORDINALITY AS v(count, sum, min, max, ordinal)
JOIN history.columns c ON c.schema = k.schema AND c.ordinal = v.ordinal
WHERE v.count > 0;

CREATE VIEW history.samples_1m AS
SELECT e.name AS entity, c.name, c.labels, c.unit, c.series, k.t, v.min, v.max, v.sum / v.count AS mean, v.count
FROM history.ticks_1m k
JOIN history.entities e ON e.id = k.entity
CROSS JOIN LATERAL unnest(k.counts, k.sums, k.mins, k.maxs) WITH ORDINALITY AS v(count, sum, min, max, ordinal)
JOIN history.columns c ON c.schema = k.schema AND c.ordinal = v.ordinal
WHERE v.count > 0;

CREATE VIEW history.samples_1h AS
SELECT e.name AS entity, c.name, c.labels, c.unit, c.series, k.t, v.min, v.max, v.sum / v.count AS mean, v.count
FROM history.ticks_1h k
JOIN history.entities e ON e.id = k.entity
CROSS JOIN LATERAL unnest(k.counts, k.sums, k.mins, k.maxs) WITH ORDINALITY AS v(count, sum, min, max, ordinal)
JOIN history.columns c ON c.schema = k.schema AND c.ordinal = v.ordinal
WHERE v.count > 0;

CREATE VIEW history.scores_10s AS
SELECT e.name AS entity, p.t, p.cadence_ms, p.score, p.p, p.anomalies, p.ticks
FROM history.predictions_10s p JOIN history.entities e ON e.id = p.entity;

CREATE VIEW history.scores_1m AS
SELECT e.name AS entity, p.t, p.cadence_ms, p.score, p.p, p.anomalies, p.ticks
FROM history.predictions_1m p JOIN history.entities e ON e.id = p.entity;

CREATE VIEW history.scores_1h AS
SELECT e.name AS entity, p.t, p.cadence_ms, p.score, p.p, p.anomalies, p.ticks
FROM history.predictions_1h p JOIN history.entities e ON e.id = p.entity;
