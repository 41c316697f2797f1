using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Trainer.Tests;

public sealed class ReplayTests : IDisposable
{
    static readonly TrainedModel Model = Make();
    readonly OnnxScorer _scorer = OnnxScorer.Load(Model.Onnx);

    public void Dispose() => _scorer.Dispose();

    [Fact]
    public void A_fault_is_one_episode_that_begins_within_seconds_and_a_quiet_time_has_none()
    {
        Replay(2000, (1500, 1600)).ShouldHaveSingleItem().From.ShouldBeInRange(1_500_000, 1_515_000);
        Replay(2000, (0, 0)).ShouldBeEmpty();
    }

    [Fact]
    public void Decisions_are_those_of_the_class_that_production_calls_on_both_cadences()
    {
        const int ticks = 1800;
        var fault = (From: 1400, To: 1700);
        var detector = new EntityDetector(new DetectorOptions(), "m", Model.Manifest.Prior);
        var (perTick, perMinute) = (FakeSeries(), FakeSeries());
        var aggregator = new MinuteAggregator(FakeHistory.Schema.Columns.Count);
        var means = new double[FakeHistory.Schema.Columns.Count];
        var open = new List<long>();
        for (var tick = 0; tick < ticks; tick++)
        {
            var values = FakeHistory.Values(tick, tick >= fault.From && tick < fault.To);
            if (aggregator.Add(tick * 1000L, values, means, out var start) && Decide(perMinute, start, means, 60_000, tick / 60))
                open.Add(start + 60_000);
            if (Decide(perTick, tick * 1000L, values, 1000, tick + 1))
                open.Add(tick * 1000L);
        }

        var replayed = Replay(ticks, fault);

        replayed.ShouldNotBeEmpty();
        replayed[0].From.ShouldBe(open.Min());
        replayed.ShouldAllBe(episode => open.Contains(episode.From));
        open.ShouldAllBe(t => replayed.Any(episode => episode.From <= t && t <= episode.To));
        bool Decide(SeriesFeatures[] series, long t, double[] values, int cadence, int seen)
        {
            var features = new float[series.Length * FeatureSpec.Count];
            for (var i = 0; i < series.Length; i++)
                series[i].Update(t, values[i], features.AsSpan(i * FeatureSpec.Count, FeatureSpec.Count));
            var (row, score) = (new float[RowSpec.Count], new float[1]);
            EntityDetector.Prepare(new FeatureTick(t, features), series.Length, row);
            _scorer.Score(row, 1, score);
            var maturity = seen < MaturityLevels.WarmingSamples ? EntityMaturity.Cold : EntityMaturity.Warm;
            return detector.Decide(new FeatureTick(t, features), FakeHistory.Schema, cadence, maturity, score[0]).Anomalous;
        }
    }

    [Fact]
    public void Samples_of_one_second_are_one_tick_whatever_batches_they_came_in()
    {
        var (whole, halves) = (new ReplayTicks(), new ReplayTicks());
        SeriesSchema[] parts = [SeriesSchema.Of([.. FakeHistory.Schema.Columns.Take(2)]), SeriesSchema.Of([.. FakeHistory.Schema.Columns.Skip(2)])];
        var (one, two) = (new List<ReplayTick>(), new List<ReplayTick>());
        for (var tick = 0; tick < 200; tick++)
        {
            var values = FakeHistory.Values(tick);
            one.AddRange(whole.Add(tick * 1000L, FakeHistory.Schema, values));
            two.AddRange(halves.Add((tick * 1000L) + 5, parts[0], values[..2]));
            two.AddRange(halves.Add((tick * 1000L) + 900, parts[1], values[2..]));
        }
        one.AddRange(whole.Finish());
        two.AddRange(halves.Finish());

        one.Count(tick => tick.CadenceMs == 1000).ShouldBe(200);
        one.Where(tick => tick.CadenceMs == 60_000).Select(tick => (tick.Tick.T, tick.CompleteAt)).ShouldBe([(0, 60_000), (60_000, 120_000), (120_000, 180_000)]);
        two.Select(tick => (tick.Tick.T, tick.CadenceMs, tick.Maturity)).ShouldBe(one.Select(tick => (tick.Tick.T, tick.CadenceMs, tick.Maturity)));
        two[^1].Tick.Features.ShouldBe(one[^1].Tick.Features);
    }

    [Fact]
    public void Ticks_a_minute_apart_or_slower_are_on_the_cadence_of_minutes_and_complete_at_once()
    {
        var replay = new ReplayTicks();
        ReplayTick[] ticks = [.. Enumerable.Range(0, 40).SelectMany(i => replay.Add(i * 300_000L, FakeHistory.Schema, FakeHistory.Values(i))), .. replay.Finish()];

        ticks.Select(tick => tick.CompleteAt).ShouldBe(Enumerable.Range(0, 40).Select(i => i * 300_000L));
        ticks.Select(tick => tick.CadenceMs).ShouldBe([.. Enumerable.Repeat(1000, 8), .. Enumerable.Repeat(60_000, 32)]);
        ticks.ShouldAllBe(tick => !tick.IsMean);
        ticks[^1].Maturity.ShouldBe(EntityMaturity.Warming);
    }

    [Theory]
    [InlineData(new long[] { }, new long[] { })]
    [InlineData(new long[] { 0, 10, 40, 90 }, new long[] { 0, 90 })]
    [InlineData(new long[] { 50, 90, 0, 60 }, new long[] { 0, 90 })]
    [InlineData(new long[] { 0, 10, 70, 90 }, new long[] { 0, 90 })]
    [InlineData(new long[] { 0, 10, 71, 90 }, new long[] { 0, 10, 71, 90 })]
    [InlineData(new long[] { 0, 100, 10, 20 }, new long[] { 0, 100 })]
    public void What_overlaps_or_follows_within_a_minute_is_one_incident(long[] seconds, long[] expected) =>
        Episodes.Join(Parts(seconds)).ShouldBe(Parts(expected));

    [Theory]
    [InlineData(new long[] { }, null)]
    [InlineData(new long[] { 110, 120 }, 10.0)]
    [InlineData(new long[] { 80, 90 }, -20.0)]
    [InlineData(new long[] { 20, 39 }, null)]
    [InlineData(new long[] { 10, 500 }, -90.0)]
    [InlineData(new long[] { 260, 300 }, 160.0)]
    [InlineData(new long[] { 261, 300 }, null)]
    [InlineData(new long[] { 20, 39, 150, 160, 170, 180 }, 50.0)]
    public void A_span_is_told_by_what_was_open_in_it_or_within_a_minute_of_it(long[] seconds, double? after) =>
        Episodes.ToldAfter(Parts(seconds), 100_000, 200_000, 60_000).ShouldBe(after);

    [Fact]
    public void The_newest_words_about_what_a_model_can_find_are_compared()
    {
        FeedbackEvent[] words =
        [
            Samples.Missed(1, 2), Samples.Feedback("silence") with { Detection = DetectionKind.Silence },
            Samples.Feedback("a"), Samples.Feedback("b", FeedbackKind.FalseAlarm), Samples.Feedback("c"),
        ];

        LabelledSpans.Choose(words, 3).ShouldBe([words[0], words[2], words[3]]);
        LabelledSpans.Choose(words, 0).ShouldBeEmpty();
        var identity = LabelledSpans.IdentityOf([words[2], words[3]], new DetectorOptions());
        LabelledSpans.IdentityOf([words[3], words[2]], new DetectorOptions()).ShouldBe(identity);
        LabelledSpans.IdentityOf([words[2] with { At = 5 }, words[3]], new DetectorOptions()).ShouldNotBe(identity);
        LabelledSpans.IdentityOf([words[2], words[3]], new DetectorOptions(FalseAlarmsPerWeek: 3)).ShouldNotBe(identity);
    }

    [Theory]
    [InlineData(100L, null, 100)]
    [InlineData(null, 200L, 200)]
    [InlineData(null, null, 1000)]
    [InlineData(9_000_000L, null, 3_600_010)]
    public void A_span_ends_with_its_incident_and_is_an_hour_at_most(long? to, long? end, long expected) =>
        LabelledSpans.Of(Samples.Feedback("a", at: 1000, from: 10, to: to), end).To.ShouldBe(expected);

    IReadOnlyList<Episode> Replay(int ticks, (int From, int To) fault)
    {
        var replay = new DecisionReplay([new ReplayModel("m", _scorer, Model.Manifest.Prior, Online: null)], new DetectorOptions());
        for (var tick = 0; tick < ticks; tick++)
            replay.Add(tick * 1000L, FakeHistory.Schema, FakeHistory.Values(tick, tick >= fault.From && tick < fault.To));
        var episodes = replay.Finish();
        replay.Ticks.ShouldBe(ticks);
        return episodes.ShouldHaveSingleItem();
    }

    static SeriesFeatures[] FakeSeries() => [.. FakeHistory.Schema.Columns.Select(column => new SeriesFeatures(column.Unit))];

    static Episode[] Parts(long[] seconds) => [.. seconds.Chunk(2).Select(pair => new Episode(pair[0] * 1000, pair[1] * 1000))];

    static TrainedModel Make()
    {
        var recipe = ModelMakerTests.Recipes(new TrainerOptions()).Find(ForestRecipe.Name)!;
        var set = TrainingSet.Build(HistorySample.Empty, NormalBehaviour.FirstTrainingRows(1, entities: 6, ticks: 700), minRows: 10_000, seed: 1);
        return ModelMaker.Export(recipe.Kind, recipe.Train(set.ForTraining(), _ => { }), set, ModelMaker.HeldOutScores(set, recipe, _ => { }), 1, parent: null);
    }
}
