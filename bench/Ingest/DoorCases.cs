using Forewarn.Ingestion;
using Snappier;

namespace Forewarn.Bench.Ingest;

/// <summary>The doors that are measured, on recordings of real clients. A door whose recording is missing is left out.</summary>
static class DoorCases
{
    const double ProtobufBar = 1_000_000;
    const int MaxBytes = 8 * 1024 * 1024;
    const int MaxSeries = 100_000;

    public static IEnumerable<DoorCase> All()
    {
        if (Recording.TryRead(Recording.Otlp) is { } exported)
            yield return Otlp(exported);
        if (Recording.TryRead(Recording.RemoteWrite) is not { } written)
            yield break;
        yield return RemoteWrite(written);
        var rows = RecordedSample.Of(written);
        yield return RemoteWrite2([RecordedSample.AsRemoteWrite2(rows)]);
        yield return Exposition(RecordedSample.Scrape(rows));
        yield return Influx(rows);
    }

    static DoorCase RemoteWrite(IReadOnlyList<byte[]> bodies) => RemoteWriteCase("remote write 1.0", bodies, isSecond: false);

    static DoorCase RemoteWrite2(IReadOnlyList<byte[]> bodies) => RemoteWriteCase("remote write 2.0", bodies, isSecond: true);

    static DoorCase RemoteWriteCase(string name, IReadOnlyList<byte[]> bodies, bool isSecond)
    {
        var (decoder, layouts) = (new WriteDecoder(MaxBytes), new SeriesLayouts(MaxSeries, MaxSeries));
        return new(name, bodies, Unpack, body => Read(body).Samples, body => Read(body).Submissions(0), ProtobufBar);

        WriteSink Read(byte[] body)
        {
            var sink = new WriteSink(layouts, 0, long.MaxValue);
            return decoder.Read(body, isSecond, sink) is { } refusal ? throw new InvalidOperationException($"{name}: {refusal}") : sink;
        }

        static int Unpack(byte[] body)
        {
            using var message = Snappy.DecompressToMemory(body);
            return Look(message.Memory.Span);
        }
    }

    /// <summary>A sample is a data point; a histogram's is five series of fifteen buckets.</summary>
    static DoorCase Otlp(IReadOnlyList<byte[]> bodies)
    {
        // A clock far ahead and a retention that reaches back to the recording.
        var times = new OtlpTimes(4_000_000_000_000, TimeSpan.FromDays(73_000));
        var (identities, layouts) = (new OtlpIdentities([]), new SeriesLayouts(MaxSeries, MaxSeries));
        return new("OTLP protobuf", bodies, body => Look(body), body => Read(body).Points, body => Read(body).Collector.Submissions(0), ProtobufBar);

        (int Points, PointCollector Collector) Read(byte[] body)
        {
            var points = new PointCollector(Sources.Otlp, layouts);
            var reader = new OtlpReader(identities, points, times);
            return reader.TryRead(body) && reader.Rejected == 0 ? ((int)reader.Points, points) : throw new InvalidOperationException($"OTLP: {reader.Message}");
        }
    }

    static DoorCase Exposition(IReadOnlyList<RecordedSample> rows)
    {
        var target = ScrapeTarget.Of(new ScrapeJobOptions { Name = "node" }, "127.0.0.1:9100", [])!;
        var (series, layouts, t) = (new TargetSeries(target, rows.Count), new SeriesLayouts(MaxSeries, MaxSeries), 0L);
        return new("text exposition", [RecordedSample.AsText(rows)], body => Look(body), body => Read(body).Count, body => Read(body).Submissions(0), Bar: null);

        PointCollector Read(byte[] body)
        {
            var points = new PointCollector(Sources.Scrape, layouts);
            return series.Read(body, isOpenMetrics: false, ++t, TimeSpan.FromDays(1), points) is { } failure ? throw new InvalidOperationException($"exposition: {failure}") : points;
        }
    }

    static DoorCase Influx(IReadOnlyList<RecordedSample> rows)
    {
        var (layouts, series) = (new SeriesLayouts(MaxSeries, MaxSeries), new SeriesCache<SentSeries>(MaxSeries));
        return new("Influx line protocol", [RecordedSample.AsLines(rows)], body => Look(body), body => Read(body).Count, body => Read(body).Submissions(0), Bar: null);

        PointCollector Read(byte[] body)
        {
            var points = new PointCollector(Sources.Influx, layouts);
            return LineReader.Read(body, new LineTimes("ms", rows[^1].T, TimeSpan.FromDays(1)), "bench", series, points) is { } refusal
                ? throw new InvalidOperationException($"Influx: {refusal}")
                : points;
        }
    }

    /// <summary>A sum over all bytes, as wide as the machine can.</summary>
    static int Look(ReadOnlySpan<byte> bytes) => bytes.Count((byte)0xff) + bytes.Length;
}
