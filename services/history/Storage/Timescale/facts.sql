SELECT
    split_part(current_setting('server_version'), ' ', 1),
    current_user::text,
    current_database()::text,
    (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'),
    (SELECT default_version::text FROM pg_available_extensions WHERE name = 'timescaledb'),
    -- shared_preload_libraries is hidden from most roles, the loader's own setting is there for all when it is loaded.
    EXISTS (SELECT FROM pg_settings WHERE name = 'timescaledb.disable_load'),
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        OR has_database_privilege(current_database(), 'CREATE') AND EXISTS (
            SELECT FROM pg_available_extensions e
            JOIN pg_available_extension_versions v ON v.name = e.name AND v.version = e.default_version
            WHERE e.name = 'timescaledb' AND (v.trusted OR NOT v.superuser)),
    current_setting('timescaledb.license', true),
    (SELECT relkind::text FROM pg_class WHERE oid = to_regclass('history.ticks'))
