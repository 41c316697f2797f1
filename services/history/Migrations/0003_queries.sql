-- Verdicts of all entities by time. Rows come nearly in the order of their time, so a block-range index finds a stretch of it
-- and costs next to nothing to keep; anomalies are few.
CREATE INDEX predictions_by_time ON history.predictions USING brin (t) WITH (autosummarize = on);
CREATE INDEX predictions_anomalous ON history.predictions (t) WHERE anomalous;
