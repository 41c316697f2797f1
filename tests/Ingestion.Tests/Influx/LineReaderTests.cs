using System.Globalization;
using System.Text;
using CsCheck;
using Forewarn.Contracts;

namespace Forewarn.Ingestion.Tests;

public sealed class LineReaderTests
{
    const long Now = 1_800_000_000_000;

    static readonly SeriesCache<SentSeries> _series = new(100);

    /// <summary>Examples of the published reference, and what its rules make of them.</summary>
    [Theory]
    [InlineData("myMeasurement,tag1=value1,tag2=value2 fieldKey=1.5 1800000000000000000", "influx", "myMeasurement.fieldKey{tag1=value1,tag2=value2} 1.5 @ 1800000000000")]
    [InlineData("m value=12485903u 1800000000000000000", "influx", "m{} 12485903 @ 1800000000000")]
    [InlineData("m,host=a value=-7i 1799999999999999999", "a", "m{} -7 @ 1799999999999")]
    [InlineData("m,region=x,host=a f=true,g=F,s=\"text, with =\\\" and space\",n=-1.2e-3", "a", "m.f{region=x} 1 @ 1800000000000|m.g{region=x} 0 @ 1800000000000|m.n{region=x} -0.0012 @ 1800000000000")]
    [InlineData("my\\,Measurement,tag\\ Key=tag\\,Value field\\=Key=2 1800000000000000000", "influx", "my_Measurement.field_Key{tag_Key=tag,Value} 2 @ 1800000000000")]
    [InlineData("# a comment\r\n\r\nm value=1 1800000000000000000\r\n  \n", "influx", "m{} 1 @ 1800000000000")]
    [InlineData("m,hostname=b,instance=c value=1\nm,instance=c value=2", "b|c", "m{instance=c} 1 @ 1800000000000|m{} 2 @ 1800000000000")]
    [InlineData("m value=\"nothing but text\"", "", "")]
    public void Lines_become_samples_of_the_entity_that_a_tag_names(string lines, string entities, string samples)
    {
        var (refusal, points) = Read(lines);
        refusal.ShouldBeNull();
        points.Select(point => point.Entity).Distinct().ShouldBe(entities.Split('|', StringSplitOptions.RemoveEmptyEntries));
        points.Select(point => point.Text).ShouldBe(samples.Split('|', StringSplitOptions.RemoveEmptyEntries), ignoreOrder: true);
    }

    [Theory]
    [InlineData("ns", 1_800_000_000_000_000_000)]
    [InlineData("", 1_800_000_000_000_000_000)]
    [InlineData("us", 1_800_000_000_000_000)]
    [InlineData("ms", 1_800_000_000_000)]
    [InlineData("s", 1_800_000_000)]
    [InlineData("m", 30_000_000)]
    [InlineData("h", 500_000)]
    public void Timestamps_are_read_in_the_precision_of_the_request(string precision, long stamp) =>
        Read($"m value=1 {stamp}", precision).Points.ShouldHaveSingleItem().Text.ShouldEndWith("@ 1800000000000");

    [Theory]
    [InlineData("m value=1 1800000000000000000\nm", 2, "must have fields")]
    [InlineData(",host=a value=1", 1, "must begin with a measurement")]
    [InlineData("m,host value=1", 1, "tag that is not key=value")]
    [InlineData("m,host= value=1", 1, "no value for its tag host")]
    [InlineData("m value", 1, "field that is not key=value")]
    [InlineData("m value=", 1, "no number")]
    [InlineData("m value=1x", 1, "no number")]
    [InlineData("m value=NaN", 1, "no number")]
    [InlineData("m value=1e999", 1, "no number")]
    [InlineData("m value=1.5i", 1, "no number")]
    [InlineData("m value=i", 1, "no number")]
    [InlineData("m value=\"open", 1, "does not end")]
    [InlineData("m value=1 soon", 1, "timestamp that is no whole number")]
    [InlineData("m value=1 18 19", 1, "older than 30 days")]
    [InlineData("m value=1 1800000000000000000 x", 1, "goes on behind its timestamp")]
    [InlineData("m value=1 1800000000000", 1, "older than 30 days, its timestamp read as nanoseconds")]
    [InlineData("m value=1 1800010000000000000", 1, "more than an hour ahead")]
    [InlineData("\n\n# x\nm value=\"a\nb\",x=1,y", 5, "field that is not key=value")]
    public void What_is_not_in_order_is_refused_with_its_line(string lines, int line, string reason)
    {
        var refusal = Read(lines).Refusal.ShouldNotBeNull();
        (refusal.Status, refusal.Field).ShouldBe((400, $"line {line}"));
        refusal.Reason.ShouldContain(reason);
    }

    [Fact]
    public void What_the_grammar_escapes_is_read_as_it_was_meant()
    {
        var text = Gen.OneOf(Gen.Char['a', 'z'], Gen.Int[0, 3].Select(i => ", =\u00e9"[i])).Array[1, 8].Select(chars => new string(chars));
        Gen.Select(text, text, text, Gen.Double[-1e9, 1e9], Gen.Long[Now - 86_400_000, Now]).Sample((measurement, tag, value, number, t) =>
        {
            var line = string.Create(CultureInfo.InvariantCulture, $"{Escaped(measurement)},k{Escaped(tag)}={Escaped(value)} value={number:R} {t}000000");
            var point = Read(line).Points.ShouldHaveSingleItem();
            point.Column.Name.ShouldBe(Tidy.Name(measurement));
            point.Column.Labels.ShouldHaveSingleItem().ShouldBe(new(Tidy.Name("k" + tag), value));
            point.Value.ShouldBe(number);
            point.T.ShouldBe(t);
        }, seed: "0N0XIzNsQ0O2", iter: 2_000);
    }

    [Fact]
    public void No_bytes_make_it_fail_or_hang()
    {
        string[] likely = [",", " ", "=", "\n", "\\", "\"", "m", "value", "1", "i", "#", "host", "\r", "true", "1800000000000000000"];
        var mostly = Gen.OneOf(Gen.Int[0, likely.Length - 1].Select(i => likely[i]), Gen.Int[0, 127].Select(i => ((char)i).ToString()));
        mostly.Array[0, 60].Sample(parts => { Read(string.Concat(parts)); }, seed: "0N0XIzNsQ0O2", iter: 20_000);
    }

    static string Escaped(string text) => text.Replace(",", "\\,", StringComparison.Ordinal).Replace(" ", "\\ ", StringComparison.Ordinal).Replace("=", "\\=", StringComparison.Ordinal);

    static (Refusal? Refusal, IReadOnlyList<Point> Points) Read(string lines, string precision = "ns")
    {
        var points = new PointCollector("influx", new SeriesLayouts(100, 2000));
        var refusal = LineReader.Read(Encoding.UTF8.GetBytes(lines), new LineTimes(precision, Now, TimeSpan.FromDays(30)), "influx", _series, points);
        return (refusal, [.. points.Submissions(Now).SelectMany(submission => submission.Rows.SelectMany(row => row.Values
            .Select((value, i) => new Point(submission.Entity, submission.Schema.Columns[i], row.T, value)).Where(point => !double.IsNaN(point.Value))))]);
    }

    sealed record Point(string Entity, SeriesColumn Column, long T, double Value)
    {
        public string Text => string.Create(
            CultureInfo.InvariantCulture, $"{Column.Name}{{{string.Join(',', Column.Labels.Select(label => $"{label.Key}={label.Value}"))}}} {Value} @ {T}");
    }
}
