using System.Text.Json;
using CsCheck;

namespace Forewarn.Contracts.Tests;

public sealed class RoundTripTests
{
    [Fact]
    public void Doubles_survive_to_the_last_bit_and_gaps_stay_gaps()
    {
        Gen.OneOf(Gen.Double.Special, Gen.Double).Array[0, 200].Sample(values =>
        {
            var json = JsonSerializer.Serialize(Batch(values), ContractJson.Default.MetricBatch);
            var back = JsonSerializer.Deserialize(json, ContractJson.Default.MetricBatch)!.Rows[0].Values;

            back.Length.ShouldBe(values.Length);
            for (var index = 0; index < values.Length; index++)
                back[index].ShouldBe(double.IsFinite(values[index]) ? values[index] : double.NaN);
        });
    }

    [Fact]
    public void Float_vectors_survive_bit_by_bit_including_masks()
    {
        Gen.OneOf(Gen.Float.Special, Gen.Float).Array[0, 500].Sample(values =>
        {
            var tick = new PredictionTick { T = 1, Score = 0.5f, P = 0.1, Values = values };
            var batch = new PredictionBatch
            {
                Entity = "e",
                Producer = "p",
                Seq = 1,
                Schema = "s",
                Model = "m",
                CadenceMs = 1000,
                Maturity = EntityMaturity.Warm,
                Ticks = [tick],
            };
            var back = JsonSerializer.Deserialize(
                JsonSerializer.SerializeToUtf8Bytes(batch, ContractJson.Default.PredictionBatch), ContractJson.Default.PredictionBatch)!;

            back.Ticks[0].Values.Select(BitConverter.SingleToInt32Bits).ShouldBe(values.Select(BitConverter.SingleToInt32Bits));
        });
    }

    [Theory]
    [InlineData("\"not base64!\"")]
    [InlineData("\"AAA=\"")]
    [InlineData("[1,2]")]
    [InlineData("null")]
    public void A_damaged_vector_is_refused(string vector)
    {
        var json = $$"""{"t":1,"features":{{vector}}}""";

        var error = Record.Exception(() => JsonSerializer.Deserialize<FeatureTick>(json, JsonSerializerOptions.Web)!.Features.Length);

        error.ShouldNotBeNull();
    }

    [Fact]
    public void Unknown_fields_are_ignored_and_missing_required_ones_are_not()
    {
        const string full = """{"entity":"e","producer":"p","seq":1,"schema":"s","source":"json","rows":[],"somethingNew":{"a":1}}""";
        JsonSerializer.Deserialize(full, ContractJson.Default.MetricBatch)!.Entity.ShouldBe("e");

        const string missing = """{"entity":"e","producer":"p","seq":1,"source":"json","rows":[]}""";
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize(missing, ContractJson.Default.MetricBatch));
    }

    [Fact]
    public void A_report_on_the_champion_survives_with_its_histograms()
    {
        var message = new ControlEvent
        {
            Champion = new ChampionReport
            {
                Producer = "p",
                Model = "a",
                ChampionAt = 1,
                Hour = 2,
                WatchedMs = 3,
                Ticks = 4,
                Features = [[1, 2], [3]],
                Scores = [4, 0],
                Opened = ["host"],
                MoreOpened = 5,
                FalseAlarmsPerWeek = 2,
                At = 6,
            },
        };
        var json = JsonSerializer.Serialize(message, ContractJson.Default.ControlEvent);
        var read = JsonSerializer.Deserialize(json, ContractJson.Default.ControlEvent)!;

        JsonSerializer.Serialize(read, ContractJson.Default.ControlEvent).ShouldBe(json);
        read.Champion!.Features.Select(bins => bins.Sum()).ShouldBe([3, 3]);
        read.Champion.Opened.ShouldBe(["host"]);
    }

    [Fact]
    public void Enums_travel_as_kebab_case_words()
    {
        JsonSerializer.Serialize(DetectionKind.PredictedBreach, JsonSerializerOptions.Web).ShouldBe("\"predicted-breach\"");
        JsonSerializer.Deserialize<DetectionKind>("\"drop-to-zero\"", JsonSerializerOptions.Web).ShouldBe(DetectionKind.DropToZero);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<DetectionKind>("3", JsonSerializerOptions.Web));
    }

    [Fact]
    public void A_report_on_a_challenger_survives_with_its_sums()
    {
        var message = new ControlEvent
        {
            Shadow = new ShadowReport
            {
                Producer = "p",
                CountedSince = 1,
                Challenger = "b",
                Champion = "a",
                Trial = 2,
                Ticks = 3,
                ChampionOpenings = 4,
                ChallengerOpenings = 5,
                FalseAlarmsPerWeek = 2,
                Scores = default(ScoreSums).With(0.1, 0.2).With(0.3, 0.5),
                At = 6,
            },
        };

        JsonSerializer.Deserialize(JsonSerializer.Serialize(message, ContractJson.Default.ControlEvent), ContractJson.Default.ControlEvent).ShouldBe(message);
        JsonSerializer.Deserialize("{}", ContractJson.Default.ControlEvent)!.Shadow.ShouldBeNull();
    }

    [Fact]
    public void A_series_id_depends_on_name_and_labels_but_not_on_their_order()
    {
        var one = SeriesColumn.Of("disk.io", "By/s", new Dictionary<string, string>(StringComparer.Ordinal) { ["device"] = "sda", ["direction"] = "read" });
        var two = SeriesColumn.Of("disk.io", "By/s", new Dictionary<string, string>(StringComparer.Ordinal) { ["direction"] = "read", ["device"] = "sda" });
        var other = SeriesColumn.Of("disk.io", "By/s", new Dictionary<string, string>(StringComparer.Ordinal) { ["direction"] = "write", ["device"] = "sda" });

        one.Id.ShouldBe(two.Id);
        one.Id.ShouldNotBe(other.Id);
        one.Id.Length.ShouldBe(16);
        SeriesSchema.Of([one, other]).Hash.ShouldNotBe(SeriesSchema.Of([other, one]).Hash);
    }

    static MetricBatch Batch(double[] values) => new()
    {
        Entity = "e",
        Producer = "p",
        Seq = 1,
        Schema = "s",
        Source = "json",
        Rows = [new MetricRow(1_800_000_000_000, values)],
    };
}
