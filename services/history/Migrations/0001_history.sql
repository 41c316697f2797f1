-- Dictionaries: ticks carry small numbers, people read names.
CREATE TABLE history.entities (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);

CREATE TABLE history.schemas (
    id   integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash text NOT NULL UNIQUE
);

-- The columns of a schema never change; ordinal counts from 1 like an array's subscript.
CREATE TABLE history.columns (
    schema      integer NOT NULL REFERENCES history.schemas,
    ordinal     integer NOT NULL,
    series      text NOT NULL,
    name        text NOT NULL,
    unit        text NOT NULL,
    labels      jsonb NOT NULL,
    upper_limit double precision,
    PRIMARY KEY (schema, ordinal)
);

-- Which schemas an entity has used and when: answers "what is there" without touching the ticks.
CREATE TABLE history.entity_schemas (
    entity     integer NOT NULL REFERENCES history.entities,
    schema     integer NOT NULL REFERENCES history.schemas,
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    PRIMARY KEY (entity, schema)
) WITH (fillfactor = 50);

-- One row per entity, instant and schema; NaN = not measured. No foreign keys and no unique index: writing is the hot
-- path, and the watermarks below already keep a message from being stored twice.
CREATE TABLE history.ticks (
    t      timestamptz NOT NULL,
    entity integer NOT NULL,
    schema integer NOT NULL,
    values double precision[] NOT NULL
) PARTITION BY RANGE (t);
CREATE INDEX ticks_by_entity ON history.ticks (entity, t);

CREATE TABLE history.predictions (
    t            timestamptz NOT NULL,
    p            double precision NOT NULL,
    entity       integer NOT NULL,
    cadence_ms   integer NOT NULL,
    score        real NOT NULL,
    extrapolated boolean NOT NULL,
    anomalous    boolean NOT NULL,
    model        text NOT NULL
) PARTITION BY RANGE (t);
CREATE INDEX predictions_by_entity ON history.predictions (entity, t);

-- What has been stored of each publisher's numbered messages, as ranges: one range in the normal case, exact in any
-- order of delivery. before = the ranges as they were when the current transaction came, to tell old from new.
CREATE TABLE history.watermarks (
    stream   "char" NOT NULL,
    entity   integer NOT NULL,
    producer text NOT NULL,
    applied  int8multirange NOT NULL,
    before   int8multirange NOT NULL DEFAULT '{}',
    seen     timestamptz NOT NULL,
    PRIMARY KEY (stream, entity, producer)
) WITH (fillfactor = 50);

CREATE TABLE history.incidents (
    id         text PRIMARY KEY,
    revision   bigint NOT NULL,
    entity     text NOT NULL,
    status     text NOT NULL,
    opened_at  bigint NOT NULL,
    updated_at bigint NOT NULL,
    body       jsonb NOT NULL
);
CREATE INDEX incidents_by_time ON history.incidents (opened_at DESC, id DESC);
CREATE INDEX incidents_by_entity ON history.incidents (entity, opened_at DESC, id DESC);

-- The rows a person or Grafana expects.
CREATE VIEW history.samples AS
SELECT e.name AS entity, c.name, c.labels, c.unit, c.series, k.t, v.value
FROM history.ticks k
JOIN history.entities e ON e.id = k.entity
CROSS JOIN LATERAL unnest(k.values) WITH ORDINALITY AS v(value, ordinal)
JOIN history.columns c ON c.schema = k.schema AND c.ordinal = v.ordinal
WHERE v.value <> 'NaN';

CREATE VIEW history.scores AS
SELECT e.name AS entity, p.t, p.cadence_ms, p.score, p.p, p.extrapolated, p.anomalous, p.model
FROM history.predictions p
JOIN history.entities e ON e.id = p.entity;

-- Creates the partition of one UTC day. A table is made first and attached then, because attaching lets readers and
-- writers of the other days go on, whereas CREATE TABLE ... PARTITION OF stops them.
CREATE FUNCTION history.ensure_day(parent text, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    child text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('history.' || child));
    IF to_regclass('history.' || quote_ident(child)) IS NOT NULL THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE history.%I (LIKE history.%I INCLUDING ALL)', child, parent);
    EXECUTE format('ALTER TABLE history.%I ATTACH PARTITION history.%I FOR VALUES FROM (%L) TO (%L)',
        parent, child, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
END $$;
