using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Spectre.Console;

namespace Forewarn.Bench.Encoding;

/// <summary>Feature vectors as JSON numbers against base64 of float32: bytes and time to write and read one entity tick.</summary>
static class EncodingBench
{
    const int Series = 50;
    const int Rounds = 4000;

    public static EncodingResult[] Run()
    {
        var random = new Random(1);
        var features = Enumerable.Range(0, Series * FeatureSpec.Count).Select(_ => (float)(random.NextDouble() * 1000)).ToArray();
        var numbers = JsonSerializer.SerializeToUtf8Bytes(new NumberTick(1, features), EncodingJson.Default.NumberTick);
        var packed = JsonSerializer.SerializeToUtf8Bytes(new FeatureTick(1, features), EncodingJson.Default.FeatureTick);
        EncodingResult[] results =
        [
            Measure("JSON numbers", numbers,
                () => JsonSerializer.SerializeToUtf8Bytes(new NumberTick(1, features), EncodingJson.Default.NumberTick).Length,
                () => JsonSerializer.Deserialize(numbers, EncodingJson.Default.NumberTick)!.Features.Length),
            Measure("base64 float32", packed,
                () => JsonSerializer.SerializeToUtf8Bytes(new FeatureTick(1, features), EncodingJson.Default.FeatureTick).Length,
                () => JsonSerializer.Deserialize(packed, EncodingJson.Default.FeatureTick)!.Features.Length),
        ];
        var table = new Table().AddColumns("encoding", "bytes", "write µs", "read µs", "bytes ratio", "time ratio");
        foreach (var result in results)
        {
            table.AddRow(
                result.Name, $"{result.Bytes}", $"{result.WriteMicroseconds:0.0}", $"{result.ReadMicroseconds:0.0}",
                $"{(double)result.Bytes / results[0].Bytes:0.00}",
                $"{(result.WriteMicroseconds + result.ReadMicroseconds) / (results[0].WriteMicroseconds + results[0].ReadMicroseconds):0.00}");
        }
        AnsiConsole.MarkupLine($"one entity tick: {Series} series x {FeatureSpec.Count} features, medians of {Rounds} rounds");
        AnsiConsole.Write(table);
        return results;
    }

    static EncodingResult Measure(string name, byte[] encoded, Func<int> write, Func<int> read) =>
        new(name, encoded.Length, MedianMicroseconds(write), MedianMicroseconds(read));

    static double MedianMicroseconds(Func<int> action)
    {
        var times = new double[Rounds];
        for (var round = -Rounds / 4; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            if (round >= 0)
                times[round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Array.Sort(times);
        return times[Rounds / 2];
    }
}

sealed record EncodingResult(string Name, int Bytes, double WriteMicroseconds, double ReadMicroseconds);

sealed record NumberTick(long T, float[] Features);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(NumberTick))]
[JsonSerializable(typeof(FeatureTick))]
sealed partial class EncodingJson : JsonSerializerContext;
