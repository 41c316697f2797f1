using System.Text;

namespace Forewarn.Ingestion.Tests;

/// <summary>Expositions; the first byte says of which format.</summary>
sealed class ExpositionTarget : IFuzzTarget
{
    static readonly ScrapeTarget _target = ScrapeTarget.Of(new ScrapeJobOptions { Name = "j" }, "h:1", [])!;

    readonly SeriesLayouts _layouts = new(1000, 2000);

    public string Name => "exposition";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[]
        {
            "0# HELP a_total h\n# TYPE a_total counter\na_total{b=\"c\",d=\"e \\\"f\\\" \\\\ \\n\"} 1.5 1800000000000\n# TYPE g gauge\ng NaN\ng{} +Inf\n",
            "0# TYPE h histogram\nh_bucket{le=\"+Inf\",} 5\nh_sum 1e-3\nh_count 5\nup 1",
            "1# TYPE a counter\n# UNIT a seconds\na_total{b=\"c\"} 17.0 1800000000.5 # {trace_id=\"x\"} 1.0 2\na_created{b=\"c\"} 1.0\n# EOF\n",
            "1# TYPE s stateset\ns{s=\"a\"} 1\n# TYPE i info\ni_info{v=\"1\"} 1\n# EOF",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var series = new TargetSeries(_target, 100);
        var points = new PointCollector(Sources.Scrape, _layouts);
        for (var scrape = 0; scrape < 2; scrape++)
            series.Read(input[1..], input[0] % 2 == 1, Write.Now + scrape, TimeSpan.FromDays(1), points);
        series.Lose(Write.Now + 2, points);
        points.Submissions(Write.Now);
    }
}
