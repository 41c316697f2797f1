using System.Text;

namespace Forewarn.Ingestion.Tests;

public sealed class LineTarget : IFuzzTarget
{
    const long Now = 1_800_000_000_000;

    readonly SeriesCache<SentSeries> _series = new(1_000);

    public string Name => "influx";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        "cpu,host=web-1,cpu=cpu0 usage_user=1.5,usage_system=2 1800000000000000000\n"u8.ToArray(),
        "# text\nm\\,x,ho\\ st=a\\=b f=1i,g=2u,h=t,s=\"te\\\"xt, \n =\" 1799999999000000000\r\nn,instance=db value=-1e-3"u8.ToArray(),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } = [.. new[] { ",", " ", "=", "\\", "host=", "value=", "1i", "1u", "true", "\"\"", "#", "\r\n", "0x1p3", "Infinity" }.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The reader gets text only: the door refuses what is not UTF-8 before it.</summary>
    public void Run(ReadOnlySpan<byte> input)
    {
        if (!System.Text.Unicode.Utf8.IsValid(input))
            return;
        var points = new PointCollector("influx", new SeriesLayouts(100, 2000));
        LineReader.Read(input, new LineTimes("ns", Now, TimeSpan.FromDays(30)), "influx", _series, points);
        points.Submissions(Now);
    }
}
