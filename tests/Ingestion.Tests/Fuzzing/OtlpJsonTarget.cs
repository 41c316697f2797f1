using Forewarn.Ingestion.Tests.Otlp;
using Google.Protobuf;

namespace Forewarn.Ingestion.Tests;

/// <summary>OTLP's JSON: what it becomes is protobuf that Google's reader takes too.</summary>
sealed class OtlpJsonTarget : IFuzzTarget
{
    public string Name => "otlp-json";

    public IReadOnlyList<byte[]> Corpus { get; } =
        [.. OtlpRandom.Requests(seed: 8, count: 30, 1_800_000_000_000).Select(request => System.Text.Encoding.UTF8.GetBytes(OtlpRandom.Json(request)))];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (OtlpJson.Transcode(input, out var protobuf) is { } refusal)
        {
            (refusal.Status, refusal.Code).ShouldBe((400, "syntax"));
            return;
        }
        try
        {
            ExportMetricsServiceRequest.Parser.ParseFrom(protobuf.Span);
        }
        catch (InvalidProtocolBufferException nested) when (nested.Message.Contains("nested", StringComparison.Ordinal))
        {
            // Its own limit of depth.
        }
    }
}
