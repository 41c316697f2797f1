using CsCheck;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

/// <summary>Ranges over streams of any kind, rolled up at any time, against a loop over the samples.</summary>
public sealed class RollUpPropertyTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    static readonly Gen<double> AnyValue = Gen.OneOf(Gen.Double[-1e6, 1e6], Gen.Const(double.NaN));

    /// <summary>Seconds before now, mostly recent; values of two columns; which schema; which publisher.</summary>
    static readonly Gen<Sample> AnySample = Gen.Select(
        Gen.Frequency((5, Gen.Int[0, 120_000]), (1, Gen.Int[0, 14_000_000])), AnyValue, AnyValue, Gen.Bool, Gen.Int[0, 1])
        .Select((age, a, b, wide, producer) => new Sample(age, a, b, wide, producer));

    /// <summary>Rows that are stored, seconds that pass, and whether roll-ups run then.</summary>
    static readonly Gen<Round> AnyRound = Gen.Select(AnySample.List[0, 25], Gen.Int[0, 1], Gen.Int[0, 5_000], Gen.Bool)
        .Select((samples, replica, seconds, rollUp) => new Round(samples, replica, seconds, rollUp));

    static readonly Gen<long> AnyStep = Gen.OneOf(Array.ConvertAll((long[])[1_000L, 10_000L, 20_000L, 45_000L, 60_000L, 90_000L, 300_000L, 3_600_000L, 7_200_000L], step => Gen.Const(step)));

    HistoryApp _app = null!;
    int _round;

    sealed record Sample(int AgeMs, double A, double B, bool Wide, int Producer);

    sealed record Round(List<Sample> Samples, int Replica, int Seconds, bool RollUp);

    public async ValueTask InitializeAsync() => _app = await shared.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_range_from_roll_ups_equals_a_loop_over_the_samples()
    {
        await _app.AddReplicaAsync();
        var wide = _app.Schema("a", "b");
        var narrow = _app.Schema("b");

        await Gen.Select(AnyRound.List[1, 6], AnyStep.List[4, 4], Gen.Int[0, 9_000_000], Gen.Int[1, 16_000_000]).SampleAsync(async (rounds, steps, offset, span) =>
        {
            var entity = $"any{++_round}";
            var begin = _app.Time.GetUtcNow().ToUnixTimeMilliseconds();
            var seen = new List<(string Name, long T, double Value)>();
            // Both columns exist from the start, so that either may be asked for.
            await _app.StoreAsync(0, HistoryApp.Batch(wide, entity, "first", 1, new MetricRow(begin, [double.NaN, double.NaN])));
            var seq = 0;
            foreach (var round in rounds)
            {
                var now = _app.Time.GetUtcNow().ToUnixTimeMilliseconds();
                var batches = round.Samples.Select(sample => Remember(sample, now, entity, ++seq, wide, narrow, seen)).ToList();
                var rolling = round.RollUp ? _app.RollUpAsync(round.Replica) : Task.CompletedTask;
                await _app.StoreAsync(round.Replica, batches);
                await rolling;
                _app.Time.Advance(TimeSpan.FromSeconds(round.Seconds));
                // The replicas' own rollers go on beside what follows.
                _app.Pulse.Advance(TimeSpan.FromSeconds(5));
                await _app.StoreAsync(1 - round.Replica, batches);
            }

            var from = begin - 14_000_000 + offset;
            foreach (var step in steps)
                await CompareAsync(entity, wide, Span(from, from + span, step), step, seen);

            await _app.RollUpAsync();
            foreach (var table in new[] { "ticks", "ticks_packed" })
                await _app.ExecuteAsync($"DELETE FROM history.{table} WHERE entity = (SELECT id FROM history.entities WHERE name = '{entity}') AND t < (SELECT rolled FROM history.roll_ups WHERE stream = 'r')");
            foreach (var step in steps.Where(step => step % 10_000 == 0))
                await CompareAsync(entity, wide, Aligned(Span(from, from + span, step), step), step, seen);
        }, iter: 40, threads: 1);
    }

    static MetricBatch Remember(
        Sample sample, long now, string entity, int seq, SeriesSchema wide, SeriesSchema narrow, List<(string, long, double)> seen)
    {
        var t = now - sample.AgeMs;
        if (sample.Wide)
            seen.Add(("a", t, sample.A));
        seen.Add(("b", t, sample.B));
        return HistoryApp.Batch(sample.Wide ? wide : narrow, entity, $"p{sample.Producer}", seq, new MetricRow(t, sample.Wide ? [sample.A, sample.B] : [sample.B]));
    }

    async Task CompareAsync(string entity, SeriesSchema schema, (long From, long To) span, long step, List<(string Name, long T, double Value)> seen)
    {
        var ids = string.Join(',', schema.Columns.Select(column => column.Id));
        var result = await _app.Get<RangeReader>().ReadAsync(RangeRequest.Parse(entity, ids, span.From, span.To, step, scores: false), default);

        foreach (var series in result.Series)
        {
            var own = seen.Where(s => s.Name == series.Name && s.T >= span.From && s.T < span.To && !double.IsNaN(s.Value))
                .GroupBy(s => s.T / step * step).ToDictionary(group => group.Key, group => group.Select(s => s.Value).ToList());
            own.Keys.ShouldBeSubsetOf(result.T);
            for (var i = 0; i < result.T.Count; i++)
            {
                var expected = own.GetValueOrDefault(result.T[i]);
                ShouldBe(series.Mean[i], expected?.Average(), 1e-6);
                ShouldBe(series.Min![i], expected is null ? null : SignificantDigits.Round(expected.Min()), 0);
                ShouldBe(series.Max![i], expected is null ? null : SignificantDigits.Round(expected.Max()), 0);
            }
        }
    }

    /// <summary>A step allows 1,000 points at most.</summary>
    static (long From, long To) Span(long from, long to, long step) => (from, Math.Min(to, from + (900 * step)));

    static (long From, long To) Aligned((long From, long To) span, long step) =>
        (span.From / step * step, ((span.To / step) + 1) * step);

    /// <summary>Seven digits of a mean may end differently after another order of addition.</summary>
    static void ShouldBe(double shown, double? expected, double tolerance)
    {
        if (expected is not { } number || tolerance == 0)
            shown.ShouldBe(expected ?? double.NaN);
        else
            shown.ShouldBe(number, (Math.Abs(number) * tolerance) + tolerance);
    }
}
