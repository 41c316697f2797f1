-- $1 table, $2 days.
SELECT add_compression_policy($1::text::regclass, compress_after => make_interval(days => $2), if_not_exists => true)
