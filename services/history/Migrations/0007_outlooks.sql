-- What was normal and what was ahead: of each minute the first outlook that an entity's predictor sent on a cadence. The arrays
-- have one element per column of the schema, NaN = not known; forecasts is a JSON array as it came, null = none.
CREATE TABLE history.outlooks (
    t          timestamptz NOT NULL,
    entity     integer NOT NULL,
    cadence_ms integer NOT NULL,
    schema     integer NOT NULL,
    lower      real[] NOT NULL,
    upper      real[] NOT NULL,
    forecasts  jsonb,
    PRIMARY KEY (entity, cadence_ms, t)
) PARTITION BY RANGE (t);

-- The rows a person or Grafana expects.
CREATE VIEW history.bands AS
SELECT e.name AS entity, c.name, c.labels, c.unit, c.series, o.t, o.cadence_ms, v.lower, v.upper
FROM history.outlooks o
JOIN history.entities e ON e.id = o.entity
CROSS JOIN LATERAL unnest(o.lower, o.upper) WITH ORDINALITY AS v(lower, upper, ordinal)
JOIN history.columns c ON c.schema = o.schema AND c.ordinal = v.ordinal
WHERE v.lower <> 'NaN' AND v.upper <> 'NaN';

-- Seconds are from t on; course is ahead, reached, reset or receded.
CREATE VIEW history.forecasts AS
SELECT e.name AS entity, c.name, c.labels, c.unit, c.series, o.t, o.cadence_ms,
    (f ->> 'limit')::double precision AS "limit",
    (f ->> 'p5m')::double precision AS p5m, (f ->> 'p15m')::double precision AS p15m, (f ->> 'p60m')::double precision AS p60m,
    (f ->> 'medianSeconds')::double precision AS median_seconds,
    (f ->> 'lowSeconds')::double precision AS low_seconds, (f ->> 'highSeconds')::double precision AS high_seconds,
    f ->> 'course' AS course
FROM history.outlooks o
JOIN history.entities e ON e.id = o.entity
CROSS JOIN LATERAL jsonb_array_elements(o.forecasts) AS f
JOIN history.columns c ON c.schema = o.schema AND c.series = f ->> 'series'
WHERE o.forecasts IS NOT NULL;

-- Incidents with their times as such; resolved = null while one is not.
CREATE VIEW history.incident_times AS
SELECT i.id, i.entity, i.entities, i.status, i.body ->> 'kind' AS kind, i.body ->> 'severity' AS severity, i.body ->> 'summary' AS summary,
    to_timestamp((i.body ->> 'startedAt')::bigint / 1000.0) AS started, to_timestamp(i.opened_at / 1000.0) AS opened,
    to_timestamp((i.body ->> 'acknowledgedAt')::bigint / 1000.0) AS acknowledged, to_timestamp((i.body ->> 'resolvedAt')::bigint / 1000.0) AS resolved,
    (i.body ->> 'count')::integer AS detections
FROM history.incidents i;
