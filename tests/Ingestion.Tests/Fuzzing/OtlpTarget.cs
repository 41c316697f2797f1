using Forewarn.Ingestion.Tests.Otlp;
using Google.Protobuf;

namespace Forewarn.Ingestion.Tests;

/// <summary>OTLP's protobuf: what is read is within all limits, and the same when its names are known already.</summary>
sealed class OtlpTarget : IFuzzTarget
{
    const long Now = 1_800_000_000_000;

    readonly OtlpIdentities _identities = new(["region"]);
    readonly SeriesLayouts _layouts = new(1000, 1000);

    public string Name => "otlp";

    public IReadOnlyList<byte[]> Corpus { get; } = [.. OtlpRandom.Requests(seed: 7, count: 30, Now).Select(request => request.ToByteArray())];

    public void Run(ReadOnlySpan<byte> input)
    {
        var (isRead, samples, isWhole) = Read(input);
        var (isReadAgain, again, _) = Read(input);
        isReadAgain.ShouldBe(isRead);
        // At the limit of an entity's series one that says another unit gives up a block, and so makes room for the next reading.
        if (isWhole)
            again.ShouldBe(samples);
        // A sample takes more than a few bytes, however the request was made.
        samples.Count.ShouldBeLessThanOrEqualTo(input.Length);
    }

    (bool IsRead, List<string> Samples, bool IsWhole) Read(ReadOnlySpan<byte> input)
    {
        var points = new PointCollector(Sources.Otlp, _layouts);
        var reader = new OtlpReader(_identities, points, new OtlpTimes(Now, TimeSpan.FromDays(30)));
        var samples = new List<string>();
        if (!reader.TryRead(input))
            return (false, samples, true);
        (reader.Rejected + points.Count).ShouldBeGreaterThanOrEqualTo(reader.Rejected > 0 ? 1 : 0);
        foreach (var submission in points.Submissions(Now))
        {
            Names.WhyNotEntity(submission.Entity).ShouldBeNull();
            foreach (var column in submission.Schema.Columns)
            {
                (Names.WhyNotSeries(column.Name) ?? Names.WhyNotUnit(column.Unit)).ShouldBeNull();
                column.Labels.Count.ShouldBeLessThanOrEqualTo(Names.MaxLabels);
                foreach (var (key, value) in column.Labels)
                    (Names.WhyNotLabelKey(key) ?? Names.WhyNotLabelValue(value)).ShouldBeNull();
            }
            foreach (var row in submission.Rows)
            {
                row.T.ShouldBeInRange(Now - 30 * 86_400_000L, Now + 3_600_000);
                for (var i = 0; i < row.Values.Length; i++)
                {
                    if (double.IsInfinity(row.Values[i]))
                        throw new InvalidOperationException($"{submission.Schema.Columns[i].Name} is infinite.");
                    if (!double.IsNaN(row.Values[i]))
                        samples.Add(FormattableString.Invariant($"{submission.Entity} {submission.Schema.Columns[i].Canonical()} {row.T} {row.Values[i]}"));
                }
            }
            foreach (var cell in submission.Distributions ?? [])
            {
                var quantile = cell.Distribution.Buckets?.Quantile(0.5) ?? 0;
                samples.Add(FormattableString.Invariant($"{submission.Entity} {submission.Schema.Columns[cell.Column].Canonical()} {cell.Distribution.T} {cell.Distribution.Count} {quantile}"));
            }
        }
        samples.Sort(StringComparer.Ordinal);
        return (true, samples, points.Rejected == 0);
    }
}
