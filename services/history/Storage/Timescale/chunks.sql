-- $1 table without schema.
SELECT chunk_name::text, range_start, range_end FROM timescaledb_information.chunks
WHERE hypertable_schema = 'history' AND hypertable_name = $1 ORDER BY range_start
