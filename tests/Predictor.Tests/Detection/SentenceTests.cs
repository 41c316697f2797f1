using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Models;

namespace Forewarn.Predictor.Tests;

public sealed class SentenceTests
{
    static readonly Dictionary<string, string> User = new(StringComparer.Ordinal) { ["cpu.mode"] = "user" };

    [Theory]
    [InlineData(0.97, "system.cpu.utilization", "1", "97 %")]
    [InlineData(1.5, "load", "1", "1.5")]
    [InlineData(42, "disk", "%", "42 %")]
    [InlineData(3_355_443, "system.memory.usage", "By", "3.2 MiB")]
    [InlineData(17_179_869_184, "system.memory.usage", "By", "16 GiB")]
    [InlineData(2048, "system.network.io", "By/s", "2 KiB/s")]
    [InlineData(512, "heap", "MiBy", "512 MiB")]
    [InlineData(0.0123, "http.server.request.duration", "s", "12.3 ms")]
    [InlineData(250, "latency", "ms", "250 ms")]
    [InlineData(90, "age", "s", "1.5 min")]
    [InlineData(0, "http.server.request.duration", "s", "0 s")]
    [InlineData(0, "system.disk.io", "By/s", "0 B/s")]
    [InlineData(1234, "system.disk.operations", "{operation}/s", "1,234/s")]
    [InlineData(181, "system.process.count", "{process}", "181")]
    [InlineData(21.5, "hw.temperature", "Cel", "21.5 °C")]
    public void Numbers_read_as_people_write_them(double value, string name, string unit, string expected) =>
        Quantity.Of(value, name, unit).ShouldBe(expected);

    [Fact]
    public void A_range_uses_one_unit_and_one_number_when_both_ends_read_the_same()
    {
        Quantity.Range(0.03, 0.12, "system.cpu.utilization", "1").ShouldBe("3 to 12 %");
        Quantity.Range(1024 * 1024, 3.5 * 1024 * 1024, "m", "By").ShouldBe("1 to 3.5 MiB");
        Quantity.Range(180.1, 180.2, "n", "{process}").ShouldBe("180");
    }

    [Fact]
    public void A_joint_decision_says_what_how_far_and_how_rare()
    {
        var cpu = Cpu();
        JointSentence.Of([cpu], 5, new TailProbability(2.5e-5, Extrapolated: false))
            .ShouldBe("system.cpu.utilization (user) at 97 %, normally 3 to 12 %; 4 more metrics are off; seen on 1 in 40,000 ticks");
        JointSentence.Of([cpu], 2, new TailProbability(1e-6, Extrapolated: true))
            .ShouldBe("system.cpu.utilization (user) at 97 %, normally 3 to 12 %; 1 more metric is off; estimated 1 in 1,000,000 ticks");
        JointSentence.Of([cpu], 1, new TailProbability(1e-12, Extrapolated: true))
            .ShouldBe("system.cpu.utilization (user) at 97 %, normally 3 to 12 %; estimated less than 1 in a billion ticks");
        JointSentence.Of([], 0, new TailProbability(0.001, Extrapolated: false)).ShouldBe("the metrics together are unusual; seen on 1 in 1,000 ticks");
    }

    [Theory]
    [InlineData(-4f, "on Mondays at 03:00 UTC normally")]
    [InlineData(0f, "normally")]
    [InlineData(float.NaN, "normally")]
    public void A_range_that_was_learned_for_an_hour_of_the_week_says_so(float season, string expected)
    {
        const long MondayAt3 = 1_704_078_000_000;
        var tick = new FeatureTick(MondayAt3 + 59 * 60_000, new float[2 * FeatureSpec.Count]);
        tick.Features[FeatureSpec.Count + FeatureSpec.Season] = season;
        var (cpu, schema) = (Cpu(), SeriesSchema.Of([SeriesColumn.Of("other", "1"), SeriesColumn.Of("cpu", "1")]));
        cpu = cpu with { Series = schema.Columns[1].Id };

        UsualHour.Of(tick, 0).ShouldBe("normally");
        UsualHour.Of(tick, schema, [cpu]).ShouldBe(expected);
        JointSentence.Of([cpu], 1, new TailProbability(0.001, Extrapolated: false), UsualHour.Of(tick, 1))
            .ShouldBe($"system.cpu.utilization (user) at 97 %, {expected} 3 to 12 %; seen on 1 in 1,000 ticks");
    }

    [Fact]
    public void What_is_used_up_leads_before_what_is_left()
    {
        var schema = SeriesSchema.Of([Mode("idle"), Mode("user"), SeriesColumn.Of("system.network.io", "By/s")]);
        var features = new float[3 * FeatureSpec.Count];
        for (var i = 0; i < 3; i++)
            features[(i * FeatureSpec.Count) + FeatureSpec.Z] = schema.Columns[i].Labels.GetValueOrDefault("cpu.mode") switch { "idle" => -40, "user" => 20, _ => 30 };

        var contributors = Contributors.Top(features, schema, out var off);

        off.ShouldBe(3);
        contributors.Select(contributor => contributor.Z).ShouldBe([20, -40, 30]);

        static SeriesColumn Mode(string mode) =>
            SeriesColumn.Of("system.cpu.utilization", "1", new Dictionary<string, string>(StringComparer.Ordinal) { ["cpu.mode"] = mode });
    }

    [Fact]
    public void A_forecast_says_which_limit_and_when()
    {
        var column = SeriesColumn.Of("system.memory.utilization", "1");
        BreachSentence.Of(column, 0.81, Forecast(240, 180, 360))
            .ShouldBe("system.memory.utilization reaches 100 % in about 4 min (3 min to 6 min) if it goes on like this; now at 81 %");
        BreachSentence.Of(column, 0.81, Forecast(7200, 3600, 604_800))
            .ShouldBe("system.memory.utilization reaches 100 % in about 2 h (60 min or later) if it goes on like this; now at 81 %");
        BreachSentence.Of(column, 1, Forecast(0, 0, 0) with { Course = ForecastCourse.Reached }).ShouldBe("system.memory.utilization has reached its limit of 100 %");
        BreachSentence.Of(column, 0.3, Forecast(0, 0, 0) with { Course = ForecastCourse.Reset }).ShouldBe("system.memory.utilization fell back at once, away from 100 %; now at 30 %");
        BreachSentence.Of(column, 0.8, Forecast(0, 0, 0) with { Course = ForecastCourse.Receded }).ShouldBe("system.memory.utilization no longer goes to 100 %; now at 80 %");
    }

    [Fact]
    public void Limits_come_from_the_column_or_from_its_unit_and_never_from_a_relief()
    {
        BreachWatch.LimitOf(SeriesColumn.Of("q", "{item}", limit: 500)).ShouldBe(500);
        BreachWatch.LimitOf(SeriesColumn.Of("system.cpu.utilization", "1", User)).ShouldBeNull("a processor does not fill up");
        BreachWatch.LimitOf(SeriesColumn.Of("system.memory.utilization", "1", new Dictionary<string, string>(StringComparer.Ordinal) { ["system.memory.state"] = "used" })).ShouldBe(1);
        BreachWatch.LimitOf(SeriesColumn.Of("system.memory.utilization", "1", new Dictionary<string, string>(StringComparer.Ordinal) { ["system.memory.state"] = "free" })).ShouldBeNull();
        BreachWatch.LimitOf(SeriesColumn.Of("system.network.io", "By/s")).ShouldBeNull();
    }

    static Forecast Forecast(double median, double low, double high) =>
        new() { Series = "s", Limit = 1, P5m = 0, P15m = 0, P60m = 0, MedianSeconds = median, LowSeconds = low, HighSeconds = high };

    static Contributor Cpu() => new()
    {
        Series = "s",
        Name = "system.cpu.utilization",
        Unit = "1",
        Labels = User,
        Value = 0.97,
        Expected = 0.07,
        Low = 0.03,
        High = 0.12,
        Z = 40,
    };
}
