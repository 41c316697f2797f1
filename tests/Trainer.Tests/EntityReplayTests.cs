using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests;

public sealed class EntityReplayTests
{
    static readonly SeriesSchema Schema = SeriesSchema.Of([SeriesColumn.Of("system.cpu.utilization", "1"), SeriesColumn.Of("system.memory.usage", "By")]);

    [Fact]
    public void Rows_are_those_that_production_would_make()
    {
        var samples = Samples(200);
        var block = Replay(samples)!;

        var series = Schema.Columns.Select(column => new SeriesFeatures(column.Unit)).ToArray();
        var features = new float[series.Length * FeatureSpec.Count];
        var expected = new List<float>();
        for (var tick = 0; tick < samples.Length; tick++)
        {
            for (var i = 0; i < series.Length; i++)
                series[i].Update(tick * 1000L, samples[tick][i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            if (tick < MaturityLevels.WarmSamples || (tick - MaturityLevels.WarmSamples) % EntityReplay.Stride != 0)
                continue;
            var row = new float[RowSpec.Count];
            RowSpec.Fill(features, series.Length, row);
            expected.AddRange(row);
        }
        block.Rows.ToArray().ShouldBe(expected);
        block.From.ShouldBe(60_000);
    }

    [Fact]
    public void A_history_shorter_than_the_warm_up_gives_nothing() => Replay(Samples(60)).ShouldBeNull();

    [Fact]
    public void Ticks_in_incidents_give_no_rows_but_those_around_do()
    {
        var whole = Replay(Samples(400))!;
        var without = Replay(Samples(400), (100_000, 200_000))!;

        without.Count.ShouldBe(whole.Count - 26);
        without.Rows[..RowSpec.Count].ToArray().ShouldBe(whole.Rows[..RowSpec.Count].ToArray());
        without.Rows[^RowSpec.Count..].ToArray().ShouldBe(whole.Rows[^RowSpec.Count..].ToArray());
    }

    [Fact]
    public void Batches_of_two_schemas_in_one_second_are_one_tick()
    {
        var samples = Samples(200);
        var (cpu, memory) = (SeriesSchema.Of([Schema.Columns[0]]), SeriesSchema.Of([Schema.Columns[1]]));
        var replay = new EntityReplay([]);
        for (var tick = 0; tick < samples.Length; tick++)
        {
            replay.Add((tick * 1000L) + 3, cpu, [samples[tick][0]]);
            replay.Add((tick * 1000L) + 700, memory, [samples[tick][1]]);
        }

        replay.Finish()!.Rows.ToArray().ShouldBe(Replay(samples)!.Rows.ToArray());
    }

    [Fact]
    public void A_series_that_joins_late_is_masked_until_it_is_warm()
    {
        var samples = Samples(200);
        var alone = new EntityReplay([]);
        var joined = new EntityReplay([]);
        var cpu = SeriesSchema.Of([Schema.Columns[0]]);
        for (var tick = 0; tick < samples.Length; tick++)
        {
            alone.Add(tick * 1000L, cpu, [samples[tick][0]]);
            joined.Add(tick * 1000L, tick < 100 ? cpu : Schema, tick < 100 ? [samples[tick][0]] : samples[tick]);
        }
        var (one, two) = (alone.Finish()!.Rows.ToArray(), joined.Finish()!.Rows.ToArray());
        // Rows of the ticks 60 to 156: the second series has its sixtieth sample at tick 159.
        var alike = 25 * RowSpec.Count;

        two[..alike].ShouldBe(one[..alike]);
        two[alike..].ShouldNotBe(one[alike..]);
    }

    [Fact]
    public void A_finished_replay_starts_afresh()
    {
        var replay = new EntityReplay([]);
        var samples = Samples(150);
        Feed(replay, samples, 0);
        var first = replay.Finish()!;
        Feed(replay, samples, 1_000_000_000);
        var second = replay.Finish()!;

        second.Rows.ToArray().ShouldBe(first.Rows.ToArray());
        second.From.ShouldBe(1_000_060_000);
    }

    static RowBlock? Replay(double[][] samples, params (long, long)[] leftOut)
    {
        var replay = new EntityReplay(leftOut);
        Feed(replay, samples, 0);
        return replay.Finish();
    }

    static void Feed(EntityReplay replay, double[][] samples, long start)
    {
        for (var tick = 0; tick < samples.Length; tick++)
            replay.Add(start + (tick * 1000L), Schema, samples[tick]);
    }

    static double[][] Samples(int count)
    {
        var random = new SeededRandom(5);
        return [.. Enumerable.Range(0, count).Select(_ => new[] { random.Between(0.1, 0.4), 1e9 + (1e7 * random.NextGaussian()) })];
    }
}
