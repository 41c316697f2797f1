using Google.Protobuf;
using Snappier;
using V1 = Forewarn.Ingestion.Tests.RemoteWrite1;
using V2 = Forewarn.Ingestion.Tests.RemoteWrite2;

namespace Forewarn.Ingestion.Tests;

/// <summary>Bodies of remote write. The first byte says what follows: a message of either version, packed here, or a packed body itself.</summary>
sealed class RemoteWriteTarget : IFuzzTarget
{
    const int Most = 100_000;

    readonly WriteDecoder _decoder = new(Most);

    public string Name => "remote write";

    public IReadOnlyList<byte[]> Corpus { get; } = Sound();

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var sink = Write.Sink();
        var body = input[0] % 3 == 2 ? input[1..] : Snappy.CompressToArray(input[1..]);
        // Two buckets are a histogram, of which three quantiles are published.
        if (_decoder.Read(body, input[0] % 2 == 1, sink) is null)
            sink.Submissions(Write.Now).Sum(submission => submission.CountSamples()).ShouldBeLessThanOrEqualTo((3 * sink.Samples) + (2 * sink.Histograms));
    }

    static List<byte[]> Sound()
    {
        var first = Write.Request1(Write.Series1("a_total instance=e job=j", (Write.Now, 1), (Write.Now + 1, 2)), Write.Series1("b_bucket le=1", (Write.Now, 3)), Write.Series1("b_bucket le=+Inf", (Write.Now, 4)));
        first.Metadata.Add(new V1.MetricMetadata { Type = 1, MetricFamilyName = "a_total", Help = "h", Unit = "seconds" });
        first.Timeseries[0].Histograms.Add(new V1.Histogram { CountInt = 3, Sum = 2, Timestamp = Write.Now, PositiveDeltas = { 1, -1 } });
        var second = new V2.Request();
        second.Series2("a_total instance=e job=j", PromType.Counter, "seconds", (Write.Now, 1), (Write.Now + 1, 2)).Exemplars.Add(new V2.Exemplar { Value = 1 });
        second.Series2("c instance=e", PromType.Histogram, "").Histograms.Add(new V2.Histogram { CountFloat = 3, Sum = 2, Timestamp = Write.Now });
        return [[0, .. first.ToByteArray()], [1, .. second.ToByteArray()], [2, .. Write.Packed(first)], [5, .. Write.Packed(second)]];
    }
}
