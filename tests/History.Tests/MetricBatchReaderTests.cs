using System.Text;
using System.Text.Json;
using CsCheck;
using Forewarn.Contracts;
using Forewarn.History.Subscriptions;

namespace Forewarn.History.Tests;

public sealed class MetricBatchReaderTests
{
    static readonly Gen<MetricBatch> Batches = Gen.Select(
        Gen.Char[' ', '~'].Array[0, 12].Select(letters => new string(letters)), Gen.Long[0, long.MaxValue], Gen.Int[0, 3],
        Gen.Select(Gen.Long[0, 4_000_000_000_000], Gen.OneOf(Gen.Double.Special, Gen.Double, Gen.Double[0, 1], Gen.Int[0, 9].Select(i => (double)i)).Array[0, 8]).Array[0, 4],
        (text, number, stamp, rows) => new MetricBatch
        {
            V = stamp + 1,
            Entity = text,
            Producer = "p" + text,
            Seq = number,
            Schema = "0123456789abcdef",
            Source = "json",
            Stamps = new Stamps { Received = number / 3, Featured = stamp, Notified = stamp / 2 },
            Rows = [.. rows.Select(row => new MetricRow(row.Item1, row.Item2))],
        });

    [Fact]
    public void What_publishers_write_is_read_to_the_last_bit() => Batches.Sample(batch =>
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(batch, ContractJson.Default.MetricBatch);

        var read = MetricBatchReader.Read(json);

        if (json.Contains((byte)'\\'))
            read.ShouldBeNull("escapes are read the general way");
        else
            JsonSerializer.SerializeToUtf8Bytes(read!, ContractJson.Default.MetricBatch).ShouldBe(json);
    }, iter: 2_000);

    /// <summary>One place of a message is damaged in any way: what is accepted means the same as it does to the contract's serialiser.</summary>
    [Fact]
    public void Nothing_is_accepted_or_understood_otherwise_than_by_the_contract()
    {
        string[] insertions =
        [
            "", "0", "1", "-", "+", ".", "e", "E5", ",", ":", "\"", "{", "}", "[", "]", " ", "\n", "\\", "é", "\0", "null", "true", "NaN", "1e400", "00", "-0", "12345678901234567890",
            "\"x\":1,", "\"seq\":7,", "\"Seq\":7,", "\"entity\":\"e\",", "\"entity\":null,", "\"t\":1,", "\"1\"", "/**/", "\uFEFF",
        ];
        var damage = Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 3], Gen.Int[0, insertions.Length - 1]);
        var accepted = 0;
        Gen.Select(Batches, damage).Sample((batch, change) =>
        {
            var (place, removed, insertion) = change;
            var text = JsonSerializer.Serialize(batch, ContractJson.Default.MetricBatch);
            var at = place % (text.Length + 1);
            var json = Encoding.UTF8.GetBytes(text[..at] + insertions[insertion] + text[Math.Min(text.Length, at + removed)..]);
            if (MetricBatchReader.Read(json) is not { } read)
                return;
            Interlocked.Increment(ref accepted);
            var meant = JsonSerializer.Deserialize(json, ContractJson.Default.MetricBatch);
            JsonSerializer.Serialize(read, ContractJson.Default.MetricBatch).ShouldBe(JsonSerializer.Serialize(meant, ContractJson.Default.MetricBatch));
        }, iter: 50_000);
        accepted.ShouldBeGreaterThan(1_000, "changes within a number or a name are harmless");
    }

    [Theory]
    [InlineData("""{"entity":"e","producer":"p","seq":1,"schema":"s","source":"json"}""")]
    [InlineData("""{"entity":"e","producer":"p","seq":1,"schema":"s","source":"json","rows":[],"seq":2}""")]
    [InlineData("""{"entity":"e","producer":"p","seq":1,"schema":"s","source":"json","rows":[]} """)]
    [InlineData("""{"entity":"e","producer":"p","seq":1,"schema":"s","source":"json","rows":[],"unit":1}""")]
    [InlineData("""{"entity":"e","producer":"p","seq":"1","schema":"s","source":"json","rows":[]}""")]
    [InlineData("""{"entity":"e","producer":"p","seq":1,"schema":"s","source":"json","rows":[{"t":1,"values":[01]}]}""")]
    [InlineData("null")]
    [InlineData("")]
    public void What_is_not_as_publishers_write_it_is_left_to_the_contract(string json) =>
        MetricBatchReader.Read(Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    [Fact]
    public void Numbers_with_an_exponent_of_any_length_and_gaps_are_read()
    {
        const string Numbers = "1,-0,0.1,1E-05,1.7976931348623157E+308,12345678901234567890.5,null,0.00012345678901234567";
        var json = Encoding.UTF8.GetBytes($$$"""{"entity":"e","producer":"p","seq":1,"schema":"s","source":"json","rows":[{"t":1,"values":[{{{Numbers}}}]}]}""");

        MetricBatchReader.Read(json)!.Rows[0].Values.ShouldBe(
            [1, -0.0, 0.1, 1E-05, double.MaxValue, 12345678901234567890.5, double.NaN, 0.00012345678901234567]);
    }
}
