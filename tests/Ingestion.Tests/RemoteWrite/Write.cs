using Forewarn.Contracts;
using Google.Protobuf;
using Snappier;
using V1 = Forewarn.Ingestion.Tests.RemoteWrite1;
using V2 = Forewarn.Ingestion.Tests.RemoteWrite2;

namespace Forewarn.Ingestion.Tests;

/// <summary>Writes requests with Google's library, and reads what our reader makes of them.</summary>
static class Write
{
    public const long Now = 1_800_000_000_000;

    /// <summary>The bits of the stale marker, by the specification.</summary>
    public static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    public static byte[] Packed(IMessage message) => Snappy.CompressToArray(message.ToByteArray());

    /// <summary>A series of version 1: <c>name a=b c=d</c>.</summary>
    public static V1.TimeSeries Series1(string text, params (long T, double Value)[] samples)
    {
        var series = new V1.TimeSeries();
        series.Labels.AddRange(Labels(text).Select(label => new V1.Label { Name = label.Key, Value = label.Value }));
        series.Samples.AddRange(samples.Select(sample => new V1.Sample { Timestamp = sample.T, Value = sample.Value }));
        return series;
    }

    public static V1.WriteRequest Request1(params V1.TimeSeries[] series)
    {
        var request = new V1.WriteRequest();
        request.Timeseries.AddRange(series);
        return request;
    }

    /// <summary>The same in version 2; symbols are added to the request.</summary>
    public static V2.TimeSeries Series2(this V2.Request request, string text, PromType type, string unit, params (long T, double Value)[] samples)
    {
        var series = new V2.TimeSeries { Metadata = new V2.Metadata { Type = (uint)type, UnitRef = Symbol(request, unit) } };
        foreach (var (key, value) in Labels(text))
            series.LabelsRefs.AddRange([Symbol(request, key), Symbol(request, value)]);
        series.Samples.AddRange(samples.Select(sample => new V2.Sample { Timestamp = sample.T, Value = sample.Value }));
        request.Timeseries.Add(series);
        return series;
    }

    public static IEnumerable<KeyValuePair<string, string>> Labels(string text) =>
        text.Split(' ').Select((part, i) => i == 0 ? new KeyValuePair<string, string>("__name__", part) : new(part.Split('=')[0], part.Split('=')[1]))
            .OrderBy(label => label.Key, StringComparer.Ordinal);

    /// <summary>Cells that are published: <c>entity name{labels} unit [counter from START] value @ time after Now</c>.</summary>
    public static IReadOnlyList<string> Cells(WriteSink sink) =>
        [.. sink.Submissions(Now).SelectMany(submission => submission.Rows.SelectMany(row => row.Values.Select((value, i) =>
            FormattableString.Invariant(
                $"{submission.Entity} {submission.Schema.Columns[i].Canonical().Replace("\"", "", StringComparison.Ordinal)} {submission.Schema.Columns[i].Unit}{Counter(submission, i)} {value} @ {row.T - Now}"))))];

    public static WriteSink Sink(SeriesLayouts? layouts = null) => new(layouts ?? new SeriesLayouts(1000, 2000), Now - 86_400_000, Now + 3_600_000);

    static string Counter(Submission submission, int column) =>
        submission.Counting is { } counting && counting[column].IsCounter
            ? counting[column].StartMs == 0 ? " counter" : FormattableString.Invariant($" counter from {counting[column].StartMs - Now}")
            : "";

    static uint Symbol(V2.Request request, string text)
    {
        if (request.Symbols.Count == 0)
            request.Symbols.Add("");
        var at = request.Symbols.IndexOf(text);
        if (at >= 0)
            return (uint)at;
        request.Symbols.Add(text);
        return (uint)(request.Symbols.Count - 1);
    }
}
