-- Rows of one entity and kind lie together, as they are asked for and replaced.
ALTER TABLE history.{table} SET (
    timescaledb.compress, timescaledb.compress_segmentby = '{segments}', timescaledb.compress_orderby = 't')
