namespace Forewarn.History.Storage;

/// <summary>SQL that reads verdicts one by one wherever they lie, in one statement; migration 0004 says which tables there are.</summary>
static class PackedPredictions
{
    const string IsRecent = "t >= (SELECT rolled FROM history.roll_ups WHERE stream = 'p')";

    const string Time = "k.t + u.place * interval '1 millisecond'";

    /// <summary>The verdicts of packed minutes; <c>t</c> is the begin of their minute.</summary>
    public const string Unpacked = """
        history.predictions_packed k CROSS JOIN LATERAL
            unnest(k.offsets, k.p_values, k.scores, k.are_extrapolated, k.are_anomalous) AS u(place, p, score, extrapolated, anomalous)
        """;

    /// <summary>Rows of all tables from a time (inclusive) to another (exclusive), both as SQL.</summary>
    /// <param name="condition">On <c>entity</c>, <c>cadence_ms</c> and <c>anomalous</c>.</param>
    /// <param name="ofRows">A further one on rows that are not packed.</param>
    /// <param name="ofMinutes">A further one on packed minutes, which spares to unpack the others.</param>
    public static string Rows(string condition, string from, string to, string ofRows = "true", string ofMinutes = "true") => $"""
        SELECT t, p, entity, cadence_ms, score, extrapolated, anomalous, model FROM history.predictions
        WHERE {condition} AND {ofRows} AND t >= {from} AND t < {to}
        UNION ALL
        SELECT t, p, entity, cadence_ms, score, extrapolated, anomalous, model FROM history.predictions_recent
        WHERE {condition} AND {ofRows} AND t >= {from} AND t < {to} AND {IsRecent}
        UNION ALL
        SELECT {Time}, p, entity, cadence_ms, score, extrapolated, anomalous, model FROM {Unpacked}
        WHERE {condition} AND {ofMinutes} AND k.t > {from} - interval '1 minute' AND k.t < {to} AND {Time} >= {from} AND {Time} < {to}
        """;

    /// <summary>
    /// Packs the rows of some entity-minutes, together with what is packed of them already. One statement, so that it deletes
    /// exactly the late rows that it packs: one that is committed meanwhile stays, and has a mark of its own.
    /// </summary>
    public static readonly string Pack = $"""
        WITH packed AS (
            DELETE FROM history.predictions_packed k USING unnest($1, $2, $3) AS j(entity, a, b) WHERE {InSpan} RETURNING k.*),
        late AS (
            DELETE FROM history.predictions k USING unnest($1, $2, $3) AS j(entity, a, b) WHERE {InSpan} RETURNING k.*),
        found AS (
            SELECT k.t + u.place * interval '1 millisecond' AS t, p, entity, cadence_ms, score, extrapolated, anomalous, model
            FROM packed k CROSS JOIN LATERAL unnest(k.offsets, k.p_values, k.scores, k.are_extrapolated, k.are_anomalous) AS u(place, p, score, extrapolated, anomalous)
            UNION ALL
            SELECT t, p, entity, cadence_ms, score, extrapolated, anomalous, model FROM late
            UNION ALL
            SELECT k.t, k.p, k.entity, k.cadence_ms, k.score, k.extrapolated, k.anomalous, k.model {RollJobs.From(StreamTable.Predictions.Recent, IsRecent)})
        INSERT INTO history.predictions_packed (t, entity, cadence_ms, anomalies, model, offsets, p_values, scores, are_extrapolated, are_anomalous)
        SELECT date_bin('1 minute', t, 'epoch'), entity, cadence_ms, count(*) FILTER (WHERE anomalous), model,
            array_agg((extract(epoch FROM t - date_bin('1 minute', t, 'epoch')) * 1000)::integer {InOrder}),
            array_agg(p {InOrder}), array_agg(score {InOrder}), array_agg(extrapolated {InOrder}), array_agg(anomalous {InOrder})
        FROM found GROUP BY 1, 2, 3, 5
        """;

    const string InSpan = "k.entity = j.entity AND k.t >= j.a AND k.t < j.b AND k.t >= $4 AND k.t < $5";

    /// <summary>The same for all arrays, also where instants are equal.</summary>
    const string InOrder = "ORDER BY t, p, score, extrapolated, anomalous";
}
