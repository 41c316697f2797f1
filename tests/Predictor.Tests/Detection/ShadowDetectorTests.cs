using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

public sealed class ShadowDetectorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void With_the_same_scores_it_opens_exactly_when_the_champion_does(int seed)
    {
        var model = TestModel.Shared;
        var options = new DetectorOptions(FalseAlarmsPerWeek: 1000);
        var champion = new EntityDetector(options, model.Version, model.Prior);
        var shadow = new ShadowDetector(options, model.Version, model.Prior);
        var host = new SimulatedHost(seed);
        var opened = 0;
        for (var second = 0; second < 3000; second++)
        {
            host.Runaway = second % 500 is > 300 and < 320 ? 0.9 : 0;
            var maturity = host.Maturity;
            var tick = host.Next(PredictorRig.T0);
            foreach (var cadence in second % 60 == 59 ? new[] { 1000, 60_000 } : [1000])
            {
                var row = new float[RowSpec.Count];
                EntityDetector.Prepare(tick, SimulatedHost.Schema.Columns.Count, row);
                var score = new float[1];
                model.Scorer.Score(row, 1, score);
                var verdict = champion.Decide(tick, SimulatedHost.Schema, cadence, maturity, score[0]);
                var silent = shadow.Decide(tick.T, cadence, maturity, score[0], row);

                silent.Opened.ShouldBe(verdict.ChampionOpened, $"second {second}, cadence {cadence}");
                silent.Counts.ShouldBe(second >= MaturityLevels.WarmingSamples + ShadowDetector.SettleTicks);
                opened += silent.Opened ? 1 : 0;
            }
        }
        opened.ShouldBeGreaterThanOrEqualTo(4);
    }
}
