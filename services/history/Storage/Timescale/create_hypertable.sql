-- $1 table, $2 days in a chunk. The table has the indexes it needs.
SELECT created FROM create_hypertable(
    $1::text::regclass, by_range('t', make_interval(days => $2)), create_default_indexes => false, if_not_exists => true)
