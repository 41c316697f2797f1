using CsCheck;
using Forewarn.Contracts;
using Forewarn.History.Ranges;
using Forewarn.History.Storage;

namespace Forewarn.History.Tests;

/// <summary>Any verdicts in any order, rolled up and packed at any moment, read back in every way there is, against the list of them.</summary>
public sealed class PackedPredictionTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    static readonly Gen<double> AnyP = Gen.OneOf(Gen.Double[0, 1], Gen.Const(5e-324), Gen.Const(-0.0), Gen.Const(1e-12));

    /// <summary>Seconds before now, mostly of the last minutes; whole seconds, so that some fall together.</summary>
    static readonly Gen<PredictionTick> AnyTick = Gen.Select(
        Gen.Frequency((6, Gen.Int[-5, 200]), (1, Gen.Int[0, 20_000])), AnyP, Gen.Single[0, 1], Gen.Bool, Gen.Int[0, 5])
        .Select((age, p, score, extrapolated, dice) => new PredictionTick { T = age, P = p, Score = score, Extrapolated = extrapolated, Anomalous = dice == 0 });

    static readonly Gen<Round> AnyRound = Gen.Select(Gen.Select(AnyTick.List[1, 4], Gen.Bool, Gen.Bool).List[0, 8], Gen.Int[0, 300], Gen.Bool)
        .Select((messages, seconds, pack) => new Round(messages, seconds, pack));

    HistoryApp _app = null!;
    int _round;

    sealed record Round(List<(List<PredictionTick> Ticks, bool Slow, bool NewModel)> Messages, int Seconds, bool Pack);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await shared.StartAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task What_was_decided_is_read_back_whatever_is_packed()
    {
        await _app.RollUpAsync();
        using var client = _app.Client();

        await Gen.Select(AnyRound.List[1, 8], Gen.Int[1, 30], Gen.Int[0, 300]).SampleAsync(async (rounds, limit, offset) =>
        {
            var entity = $"any{++_round}";
            var begin = _app.Time.GetUtcNow().ToUnixTimeMilliseconds();
            var stored = new List<PredictionInfo>();
            var seq = 0L;
            await StoreAsync([([new PredictionTick { T = 0, P = 0.5, Score = 0.5f }], false, false)]);
            foreach (var round in rounds)
            {
                var packing = round.Pack ? _app.RollUpAsync() : Task.CompletedTask;
                var batches = await StoreAsync(round.Messages);
                await packing;
                _app.Time.Advance(TimeSpan.FromSeconds(round.Seconds));
                (await _app.StorePredictionsAsync(batches)).Duplicates.ShouldBe(batches.Count);
            }
            foreach (var (from, to) in new[] { (begin - 30_000_000, begin + 30_000_000), (begin - 200_000 + (offset * 1_000), begin + (offset * 1_000)) })
            {
                var expected = stored.Where(one => one.T >= from && one.T < to).ToList();
                await CompareAsync(client, entity, expected, from, to, limit);
                await ScoresAsync(entity, expected, from, Math.Min(to, from + 900_000));
            }

            async Task<List<PredictionBatch>> StoreAsync(List<(List<PredictionTick> Ticks, bool Slow, bool NewModel)> messages)
            {
                var now = _app.Time.GetUtcNow().ToUnixTimeMilliseconds();
                var batches = messages.ConvertAll(message => Batch(entity, ++seq, message.Slow ? 60_000 : 1_000, message.NewModel ? "m2" : "m1", now, message.Ticks));
                stored.AddRange(batches.SelectMany(batch => batch.Ticks.Select(tick => Info(batch, tick))));
                (await _app.StorePredictionsAsync(batches)).Duplicates.ShouldBe(0);
                return batches;
            }
        }, iter: 40, threads: 1);
    }

    async Task CompareAsync(HttpClient client, string entity, List<PredictionInfo> expected, long from, long to, int limit)
    {
        var path = $"/v1/predictions?entity={entity}&from={from}&to={to}";
        List<PredictionInfo> ordered = [.. InOrder(expected)];
        (await Pages.AllAsync(client, $"{path}&order=oldest", ContractJson.Default.PagePredictionInfo, limit)).ShouldBe(ordered);
        (await Pages.AllAsync(client, path, ContractJson.Default.PagePredictionInfo, limit)).ShouldBe(Enumerable.Reverse(ordered));
        (await Pages.AllAsync(client, $"{path}&cadence=60000", ContractJson.Default.PagePredictionInfo, limit)).ShouldBe(ordered.Where(one => one.CadenceMs == 60_000).Reverse());
        (await Pages.AllAsync(client, $"{path}&anomalous=true", ContractJson.Default.PagePredictionInfo, limit)).ShouldBe(ordered.Where(one => one.Anomalous).Reverse());
        InOrder(await ViewAsync(entity, from, to)).ShouldBe(ordered);
    }

    async Task ScoresAsync(string entity, List<PredictionInfo> expected, long from, long to)
    {
        var asked = RangeRequest.Parse(entity, null, from, to, 1_000, scores: true);
        var result = await _app.Get<RangeReader>().ReadAsync(asked, Token);
        var anomalous = result.T.Zip(result.Scores.ShouldNotBeNull().Anomalous).Where(point => point.Second).Select(point => point.First);
        anomalous.ShouldBe(expected.Where(one => one.T < to && one.Anomalous).Select(one => one.T / 1_000 * 1_000).Distinct().Order());
        result.T.Zip(result.Scores.P).Where(point => !double.IsNaN(point.Second)).Select(point => point.First).Except(expected.Select(one => one.T / 1_000 * 1_000)).ShouldBeEmpty();
    }

    async Task<List<PredictionInfo>> ViewAsync(string entity, long from, long to)
    {
        await using var command = _app.Database.CreateCommand(
            "SELECT t, cadence_ms, model, score, p, extrapolated, anomalous FROM history.scores_between($1, $2) WHERE entity = $3");
        command.Parameters.Add(RangeReader.Time(from));
        command.Parameters.Add(RangeReader.Time(to));
        command.Parameters.Add(new() { Value = entity });
        await using var reader = await command.ExecuteReaderAsync(Token);
        var found = new List<PredictionInfo>();
        while (await reader.ReadAsync(Token))
        {
            found.Add(new PredictionInfo
            {
                Entity = entity,
                T = RangeReader.UnixMs(reader.GetDateTime(0)),
                CadenceMs = reader.GetInt32(1),
                Model = reader.GetString(2),
                Score = reader.GetFloat(3),
                P = reader.GetDouble(4),
                Extrapolated = reader.GetBoolean(5),
                Anomalous = reader.GetBoolean(6),
            });
        }
        return found;
    }

    static PredictionBatch Batch(string entity, long seq, int cadenceMs, string model, long now, List<PredictionTick> ticks) => new()
    {
        Entity = entity,
        Producer = "p",
        Seq = seq,
        Schema = "s",
        Model = model,
        CadenceMs = cadenceMs,
        Maturity = EntityMaturity.Warm,
        Ticks = [.. ticks.Select(tick => tick with { T = now - (tick.T * 1_000) })],
    };

    static PredictionInfo Info(PredictionBatch batch, PredictionTick tick) => new()
    {
        Entity = batch.Entity,
        T = tick.T,
        CadenceMs = batch.CadenceMs,
        Model = batch.Model,
        Score = tick.Score,
        P = tick.P,
        Extrapolated = tick.Extrapolated,
        Anomalous = tick.Anomalous,
    };

    static IEnumerable<PredictionInfo> InOrder(IEnumerable<PredictionInfo> all) => all
        .OrderBy(one => one.T).ThenBy(one => one.CadenceMs).ThenBy(one => one.Score).ThenBy(one => one.P).ThenBy(one => one.Model, StringComparer.Ordinal).ThenBy(one => one.Extrapolated).ThenBy(one => one.Anomalous);
}
