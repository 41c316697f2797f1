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
    public void Numbers_of_any_length_mean_what_they_say()
    {
        var digits = Gen.Char["0123456789"].Array[1, 22].Select(letters => new string(letters));
        var number = Gen.Select(Gen.Bool, Gen.OneOf(Gen.Const("0"), digits.Select(text => "1" + text), digits.Select(text => "9" + text)), Gen.OneOf(Gen.Const(""), digits), Gen.Int[-12, 12],
            (negative, whole, decimals, exponent) =>
                (negative ? "-" : "") + whole + (decimals.Length > 0 ? "." + decimals : "") + (Math.Abs(exponent) > 9 ? FormattableString.Invariant($"e{exponent}") : ""));

        Gen.OneOf(number, Gen.OneOf(Gen.Const("-0"), Gen.Const("-0.0"), Gen.Const("0.1"), Gen.Const("999999999999999"), Gen.Const("9007199254740993"))).Array[0, 40].Sample(texts =>
        {
            var row = JsonSerializer.Deserialize<MetricRow>($$"""{"t":1,"values":[{{string.Join(',', texts)}}]}""", JsonSerializerOptions.Web)!;

            row.Values.Select(BitConverter.DoubleToInt64Bits)
                .ShouldBe(texts.Select(text => BitConverter.DoubleToInt64Bits(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))));
        });
    }

    [Theory]
    [InlineData("[\"1\"]")]
    [InlineData("[true]")]
    [InlineData("[[1]]")]
    [InlineData("[1.]")]
    [InlineData("[.5]")]
    [InlineData("[01]")]
    [InlineData("[-]")]
    [InlineData("[1,]")]
    [InlineData("[1")]
    [InlineData("{}")]
    public void A_damaged_column_is_refused(string column) =>
        Record.Exception(() => JsonSerializer.Deserialize<MetricRow>($$"""{"t":1,"values":{{column}}}""", JsonSerializerOptions.Web)).ShouldNotBeNull();

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
    public void An_alert_of_another_system_survives_and_detections_of_before_have_no_labels()
    {
        var alert = new Detection
        {
            Id = "a",
            Entity = "db-1",
            Kind = DetectionKind.External,
            Cause = "alert:Down:1",
            T = 2,
            Since = 1,
            CadenceMs = 0,
            HoldsUntil = 3,
            Labels = new Dictionary<string, string> { ["team"] = "shop" },
            Summary = "down",
        };
        var json = JsonSerializer.Serialize(alert, ContractJson.Default.Detection);
        var read = JsonSerializer.Deserialize(json, ContractJson.Default.Detection)!;

        json.ShouldNotContain("isOver");
        (read.Kind, read.HoldsUntil, read.IsOver, read.Labels["team"]).ShouldBe((DetectionKind.External, 3, false, "shop"));
        (read with { HoldsUntil = 2 }).IsOver.ShouldBeTrue();
        var before = JsonSerializer.Deserialize("""{"id":"a","entity":"e","kind":"joint","cause":"behaviour","t":1,"since":1,"cadenceMs":1000,"summary":"s"}""", ContractJson.Default.Detection)!;
        (before.HoldsUntil, before.IsOver, before.Labels.Count).ShouldBe((null, false, 0));
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
    public void Feedback_survives_with_its_row_and_one_without_a_row_has_an_empty_one()
    {
        Gen.OneOf(Gen.Float.Special, Gen.Float).Array[0, 20].Sample(row =>
        {
            var message = Feedback() with { Features = row };
            var back = JsonSerializer.Deserialize(JsonSerializer.Serialize(message, ContractJson.Default.FeedbackEvent), ContractJson.Default.FeedbackEvent)!;

            back.Features.Select(BitConverter.SingleToInt32Bits).ShouldBe(row.Select(BitConverter.SingleToInt32Bits));
            (back with { Features = row }).ShouldBe(message);
        });
        const string bare = """{"id":"a","kind":"missed","entity":"e","from":1,"at":2}""";
        JsonSerializer.Deserialize(bare, ContractJson.Default.FeedbackEvent)!.Features.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_said_of_one_incident_or_one_span_has_one_identity()
    {
        FeedbackEvent.IdOf("i-1").ShouldBe(FeedbackEvent.IdOf("i-1"));
        FeedbackEvent.IdOf("i-1").ShouldNotBe(FeedbackEvent.IdOf("i-2"));
        FeedbackEvent.IdOf("e", 1, 2).ShouldNotBe(FeedbackEvent.IdOf("e", 1, 3));
    }

    [Theory]
    [InlineData(FeedbackKind.Useful, "i-1", 10, 20, "ok", null)]
    [InlineData(FeedbackKind.FalseAlarm, "i-1", 10, null, null, null)]
    [InlineData(FeedbackKind.Useful, null, 10, 20, null, "incident is missing.")]
    [InlineData(FeedbackKind.Useful, "i-1", 10, 9, null, "It ends before it begins.")]
    [InlineData(FeedbackKind.Missed, null, 10, 20, "a\nb", null)]
    [InlineData(FeedbackKind.Missed, null, 10, null, null, "to is missing: when was it over?")]
    [InlineData(FeedbackKind.Missed, null, 10, 10, null, "to must be later than from.")]
    [InlineData(FeedbackKind.Missed, null, 10, 101, null, "from and to must lie in the past.")]
    [InlineData(FeedbackKind.Missed, "i-1", 10, 20, null, "What was missed has no incident; say useful or false-alarm of one.")]
    [InlineData(FeedbackKind.Missed, null, 10, 20, "a\u0007b", "note contains control characters.")]
    public void What_may_be_said_is_bounded(FeedbackKind kind, string? incident, int from, int? to, string? note, string? refusal) =>
        FeedbackRules.WhyNot(Feedback() with { Kind = kind, Incident = incident, From = from, To = to, Note = note }).ShouldBe(refusal);

    [Fact]
    public void Long_texts_are_refused_with_their_length()
    {
        FeedbackRules.WhyNot(Feedback() with { Note = new string('x', 301) }).ShouldBe("note has 301 characters; at most 300 are kept.");
        FeedbackRules.WhyNot(Feedback() with { Who = new string('x', 65) }).ShouldBe("who has 65 characters; at most 64 are kept.");
        FeedbackRules.WhyNot(Feedback() with { Features = new float[257] }).ShouldBe("features has 257 numbers; at most 256 are kept.");
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

    static FeedbackEvent Feedback() => new()
    {
        Id = "f-1",
        Kind = FeedbackKind.Useful,
        Entity = "e",
        Incident = "i-1",
        Detection = DetectionKind.Joint,
        From = 10,
        To = 20,
        Model = "m",
        Who = "somebody",
        At = 100,
    };

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
