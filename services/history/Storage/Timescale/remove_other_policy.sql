-- $1 table without schema, $2 days. A policy is never changed by adding it again: one of another age goes first.
SELECT remove_compression_policy(('history.' || $1::text)::regclass, if_exists => true)
WHERE EXISTS (
    SELECT FROM timescaledb_information.jobs
    WHERE hypertable_schema = 'history' AND hypertable_name = $1 AND config ? 'compress_after'
      AND (config ->> 'compress_after')::interval <> make_interval(days => $2))
