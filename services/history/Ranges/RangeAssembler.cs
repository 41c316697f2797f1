using Forewarn.Contracts;

namespace Forewarn.History.Ranges;

/// <summary>One bucket of one series as the database aggregated it.</summary>
readonly record struct Bucket(double Sum, long Count, double Min, double Max)
{
    public static readonly Bucket Empty = new(0, 0, double.PositiveInfinity, double.NegativeInfinity);

    public Bucket Add(Bucket other) =>
        new(Sum + other.Sum, Count + other.Count, Math.Min(Min, other.Min), Math.Max(Max, other.Max));
}

/// <summary>One bucket of verdicts on one cadence.</summary>
readonly record struct ScoreBucket(long T, int CadenceMs, double Score, double P, bool Anomalous)
{
    public ScoreBucket Add(ScoreBucket other) =>
        this with { Score = Math.Max(Score, other.Score), P = Math.Min(P, other.P), Anomalous = Anomalous || other.Anomalous };
}

/// <summary>
/// Puts aggregates of several schemas and the verdicts onto one axis of the buckets that hold anything. A hole of more than
/// three times the usual distance gets one empty bucket, so that a chart breaks its line instead of bridging the hole.
/// Values are rounded to what a chart can show; /v1/raw is lossless.
/// </summary>
sealed class RangeAssembler(RangeRequest request)
{
    readonly Dictionary<long, Bucket[]> _values = [];
    readonly Dictionary<(long T, int CadenceMs), ScoreBucket> _scores = [];
    readonly Dictionary<string, SeriesColumn> _columns = new(StringComparer.Ordinal);

    public void Describe(SeriesColumn column) => _columns[column.Id] = column;

    public void Add(long t, int series, Bucket bucket)
    {
        if (!_values.TryGetValue(t, out var row))
        {
            row = new Bucket[request.Series.Count];
            Array.Fill(row, Bucket.Empty);
            _values.Add(t, row);
        }
        row[series] = row[series].Add(bucket);
    }

    public void Add(ScoreBucket bucket)
    {
        var key = (bucket.T, bucket.CadenceMs);
        _scores[key] = _scores.TryGetValue(key, out var known) ? known.Add(bucket) : bucket;
    }

    public RangeResult Build()
    {
        var axis = WithBreaks([.. _values.Keys.Union(_scores.Keys.Select(key => key.T)).Order()]);
        return new RangeResult
        {
            Entity = request.Entity,
            StepMs = request.StepMs,
            T = axis,
            Series = BuildSeries(axis),
            Scores = request.Scores ? BuildScores(axis) : null,
        };
    }

    List<RangeSeries> BuildSeries(List<long> axis)
    {
        var rows = axis.ConvertAll(t => _values.GetValueOrDefault(t));
        return [.. request.Series.Select((id, index) => BuildSeries(_columns[id], [.. rows.Select(row => row is null ? Bucket.Empty : row[index])]))];
    }

    static RangeSeries BuildSeries(SeriesColumn column, Bucket[] buckets) => new()
    {
        Id = column.Id,
        Name = column.Name,
        Unit = column.Unit,
        Labels = column.Labels,
        Mean = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : SignificantDigits.Round(bucket.Sum / bucket.Count)),
        Min = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : SignificantDigits.Round(bucket.Min)),
        Max = Array.ConvertAll(buckets, bucket => bucket.Count == 0 ? double.NaN : SignificantDigits.Round(bucket.Max)),
    };

    /// <summary>
    /// Score and p of a bucket come from the finest cadence in it: minutes repeat what ticks said, except where the ticks have
    /// become so slow that they are on that cadence; anomalous from any.
    /// </summary>
    RangeScores BuildScores(List<long> axis)
    {
        var shown = _scores.Values.GroupBy(score => score.T).ToDictionary(scores => scores.Key, scores => scores.MinBy(score => score.CadenceMs));
        var anomalous = _scores.Values.Where(score => score.Anomalous).Select(score => score.T).ToHashSet();
        return new RangeScores
        {
            Score = [.. axis.Select(t => shown.TryGetValue(t, out var score) ? SignificantDigits.Round(score.Score) : double.NaN)],
            P = [.. axis.Select(t => shown.TryGetValue(t, out var score) ? SignificantDigits.Round(score.P) : double.NaN)],
            Anomalous = [.. axis.Select(anomalous.Contains)],
        };
    }

    List<long> WithBreaks(long[] axis)
    {
        if (axis.Length < 3)
            return [.. axis];
        var distances = axis.Skip(1).Zip(axis, (later, earlier) => later - earlier).Order().ToArray();
        var widest = 3 * distances[distances.Length / 2];
        var result = new List<long>(axis.Length + 8) { axis[0] };
        for (var i = 1; i < axis.Length; i++)
        {
            if (axis[i] - axis[i - 1] > widest)
                result.Add(axis[i - 1] + request.StepMs);
            result.Add(axis[i]);
        }
        return result;
    }
}
