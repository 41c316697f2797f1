-- A replica that has claimed a publisher of an entity may remember in memory which of its messages are stored, and notes
-- new ones by one row per delivery. Whoever claims it next takes that right away: everybody finds claims newer than those
-- he knows. Replicas of the version before wrote the watermarks themselves and must not go on: without "before" they fail,
-- and what they were delivered comes again.
ALTER TABLE history.watermarks
    DROP COLUMN before,
    ADD COLUMN id    bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    ADD COLUMN owner uuid,
    ADD COLUMN claim bigint NOT NULL DEFAULT 0;
CREATE INDEX watermarks_by_claim ON history.watermarks (stream, claim);

-- The newest claim of a stream, and the newest by which watermarks were deleted.
CREATE TABLE history.claims (
    stream    "char" PRIMARY KEY,
    claim     bigint NOT NULL,
    forgotten bigint NOT NULL
);
INSERT INTO history.claims VALUES ('r', 0, 0), ('p', 0, 0);

-- What was stored by each delivery, until it is folded into the watermarks: runs of sequence numbers, one array each.
CREATE TABLE history.stored (
    stream     "char" NOT NULL,
    seen       timestamptz NOT NULL,
    watermarks bigint[] NOT NULL,
    lows       bigint[] NOT NULL,
    highs      bigint[] NOT NULL
);
ALTER TABLE history.stored
    ALTER watermarks SET STORAGE EXTERNAL,
    ALTER lows SET STORAGE EXTERNAL,
    ALTER highs SET STORAGE EXTERNAL;
