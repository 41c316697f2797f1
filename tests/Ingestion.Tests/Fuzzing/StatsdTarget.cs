using System.Text;

namespace Forewarn.Ingestion.Tests;

public sealed class StatsdTarget : IFuzzTarget
{
    const long Now = 1_800_000_000_000;

    readonly StatsdTable _table = new(100, 200);
    long _t = Now;

    public string Name => "statsd";

    public IReadOnlyList<byte[]> Corpus { get; } =
    [
        "jobs.done:3|c|@0.1|#host:web-1,queue:mail\nlevel:-4|g\nwait:12:15:320|ms\n"u8.ToArray(),
        "a:1|h|#x\nb:2|d|T1656581400\nc:john|s\n_e{5,4}:title|text|d:1\n_sc|db|0|m:x"u8.ToArray(),
    ];

    public IReadOnlyList<byte[]> Tokens { get; } = [.. new[] { "|", ":", "#", "@", "|c", "|g", "|ms", "|h", "|d", "|s", "|#", "+1", "@0", "@1e-300", "host:" }.Select(Encoding.UTF8.GetBytes)];

    public void Run(ReadOnlySpan<byte> input)
    {
        _t++;
        foreach (var range in input.Split((byte)'\n'))
        {
            if (StatsdSample.Parse(input[range]) is { } sample)
                _table.Take(sample, _t);
        }
        if (_t % 1000 == 0)
            _table.Flush(_t, 1);
    }
}
