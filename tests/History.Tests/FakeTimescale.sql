-- Stands in for TimescaleDB where it is not installed: functions with its published signatures, as far as SQL functions
-- can have them ("any" becomes anyelement), over plain tables whose chunks are computed.
-- Put into template1 of a scratch server it makes all tests of history run on "hypertables".
CREATE SCHEMA _timescaledb_internal;
CREATE SCHEMA timescaledb_information;
CREATE TYPE _timescaledb_internal.dimension_info AS (column_name name, width interval);
CREATE TABLE _timescaledb_internal.hypertables (name regclass PRIMARY KEY, width interval NOT NULL);
CREATE TABLE _timescaledb_internal.policies (name regclass PRIMARY KEY, age interval NOT NULL);

CREATE FUNCTION by_range(column_name name, partition_interval anyelement DEFAULT NULL::bigint, partition_func regproc DEFAULT NULL)
RETURNS _timescaledb_internal.dimension_info LANGUAGE sql AS $$
    SELECT ROW(column_name, partition_interval::text::interval)::_timescaledb_internal.dimension_info
$$;

CREATE FUNCTION create_hypertable(
    relation regclass, dimension _timescaledb_internal.dimension_info,
    create_default_indexes boolean DEFAULT true, if_not_exists boolean DEFAULT false, migrate_data boolean DEFAULT false)
RETURNS TABLE (hypertable_id integer, created boolean) LANGUAGE plpgsql AS $$
DECLARE
    filled boolean;
BEGIN
    IF EXISTS (SELECT FROM _timescaledb_internal.hypertables h WHERE h.name = relation) THEN
        IF NOT if_not_exists THEN
            RAISE EXCEPTION 'table "%" is already a hypertable', relation;
        END IF;
        RETURN QUERY SELECT 1, false;
        RETURN;
    END IF;
    IF (SELECT relkind FROM pg_class WHERE oid = relation) <> 'r' THEN
        RAISE EXCEPTION 'table "%" is already partitioned', relation;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT FROM %s)', relation) INTO filled;
    IF filled AND NOT migrate_data THEN
        RAISE EXCEPTION 'table "%" is not empty', relation;
    END IF;
    INSERT INTO _timescaledb_internal.hypertables VALUES (relation, dimension.width);
    RETURN QUERY SELECT 1, true;
END $$;

-- ALTER TABLE ... SET (timescaledb.compress) is no function that could be feigned: it counts as done.
CREATE VIEW timescaledb_information.hypertables AS
SELECT c.relnamespace::regnamespace::name AS hypertable_schema, c.relname AS hypertable_name, true AS compression_enabled
FROM _timescaledb_internal.hypertables h JOIN pg_class c ON c.oid = h.name;

CREATE FUNCTION _timescaledb_internal.chunks() RETURNS TABLE (relation regclass, chunk name, range_start timestamptz, range_end timestamptz)
LANGUAGE plpgsql AS $$
DECLARE
    h record;
BEGIN
    FOR h IN SELECT * FROM _timescaledb_internal.hypertables LOOP
        RETURN QUERY EXECUTE format(
            'SELECT %1$L::regclass, (''_hyper_'' || extract(epoch FROM b)::bigint)::name, b, b + %2$L::interval FROM (SELECT DISTINCT date_bin(%2$L, t, ''epoch'') AS b FROM %1$s) d',
            h.name, h.width);
    END LOOP;
END $$;

CREATE VIEW timescaledb_information.chunks AS
SELECT c.relnamespace::regnamespace::name AS hypertable_schema, c.relname AS hypertable_name, '_timescaledb_internal'::name AS chunk_schema,
    k.chunk AS chunk_name, 't'::name AS primary_dimension, k.range_start, k.range_end, false AS is_compressed
FROM _timescaledb_internal.chunks() k JOIN pg_class c ON c.oid = k.relation;

CREATE FUNCTION drop_chunks(
    relation regclass, older_than anyelement, newer_than timestamptz DEFAULT NULL, "verbose" boolean DEFAULT false,
    created_before timestamptz DEFAULT NULL, created_after timestamptz DEFAULT NULL)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    k record;
BEGIN
    FOR k IN SELECT * FROM _timescaledb_internal.chunks() c WHERE c.relation = drop_chunks.relation AND c.range_end <= older_than LOOP
        EXECUTE format('DELETE FROM %s WHERE t >= %L AND t < %L', relation, k.range_start, k.range_end);
        RETURN NEXT '_timescaledb_internal.' || k.chunk;
    END LOOP;
END $$;

CREATE VIEW timescaledb_information.jobs AS
SELECT 1000 AS job_id, 'policy_compression'::name AS proc_name, jsonb_build_object('compress_after', p.age::text) AS config,
    c.relnamespace::regnamespace::name AS hypertable_schema, c.relname AS hypertable_name
FROM _timescaledb_internal.policies p JOIN pg_class c ON c.oid = p.name;

CREATE FUNCTION add_compression_policy(
    hypertable regclass, compress_after anyelement, if_not_exists boolean DEFAULT false, schedule_interval interval DEFAULT NULL,
    initial_start timestamptz DEFAULT NULL, timezone text DEFAULT NULL, compress_created_before interval DEFAULT NULL)
RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM _timescaledb_internal.policies p WHERE p.name = hypertable) THEN
        IF NOT if_not_exists THEN
            RAISE EXCEPTION 'compression policy already exists for "%"', hypertable;
        END IF;
        RETURN -1;
    END IF;
    INSERT INTO _timescaledb_internal.policies VALUES (hypertable, compress_after);
    RETURN 1000;
END $$;

CREATE FUNCTION remove_compression_policy(hypertable regclass, if_exists boolean DEFAULT false) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM _timescaledb_internal.policies p WHERE p.name = hypertable;
    IF NOT FOUND AND NOT if_exists THEN
        RAISE EXCEPTION 'compression policy not found for "%"', hypertable;
    END IF;
    RETURN FOUND;
END $$;

INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
SELECT 4000000000, 'timescaledb', oid, 'public'::regnamespace, false, '2.20.1' FROM pg_roles WHERE rolname = current_user;
