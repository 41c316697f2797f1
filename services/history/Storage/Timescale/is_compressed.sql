-- $1 table without schema.
SELECT compression_enabled FROM timescaledb_information.hypertables WHERE hypertable_schema = 'history' AND hypertable_name = $1
