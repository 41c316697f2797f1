-- Who an incident concerns, its own entity first: a storm names many and is found by each of them.
ALTER TABLE history.incidents ADD COLUMN entities text[] NOT NULL DEFAULT '{}';
UPDATE history.incidents i
SET entities = ARRAY(SELECT i.entity UNION SELECT jsonb_array_elements_text(coalesce(i.body -> 'entities', '[]'::jsonb)));
CREATE INDEX incidents_by_entities ON history.incidents USING gin (entities);
DROP INDEX history.incidents_by_entity;

-- Predictions that were told and what became of them. An incident that comes back may be predicted again: a line for each.
CREATE TABLE history.lead_times (
    incident    text NOT NULL,
    said_at     bigint NOT NULL,
    revision    bigint NOT NULL,
    entity      text NOT NULL,
    outcome     text NOT NULL,
    outcome_at  bigint,
    earliest_at bigint NOT NULL,
    latest_at   bigint NOT NULL,
    probability double precision NOT NULL,
    body        jsonb NOT NULL,
    PRIMARY KEY (incident, said_at)
);
CREATE INDEX lead_times_by_time ON history.lead_times (said_at DESC, incident DESC);
CREATE INDEX lead_times_by_entity ON history.lead_times (entity, said_at DESC, incident DESC);

INSERT INTO history.lead_times
SELECT id, (p ->> 'saidAt')::bigint, revision, entity, p ->> 'outcome', (p ->> 'outcomeAt')::bigint, (p ->> 'earliestAt')::bigint,
       (p ->> 'latestAt')::bigint, (p ->> 'probability')::double precision, p
FROM (SELECT id, revision, entity, body -> 'prediction' AS p FROM history.incidents) i
WHERE p IS NOT NULL AND p <> 'null'::jsonb;
