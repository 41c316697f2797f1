-- $1 table, $2 time: chunks go that lie before it as a whole.
SELECT drop_chunks($1::text::regclass, older_than => $2::timestamptz)::text
