using System.Text;

namespace Forewarn.Ingestion;

/// <summary>Counters of one direction of an interface since it came up.</summary>
readonly record struct NetCounters(ulong Bytes, ulong Packets, ulong Errors, ulong Dropped);

/// <summary>One interface of <c>/proc/net/dev</c>.</summary>
readonly record struct NetStat(string Interface, NetCounters Receive, NetCounters Transmit)
{
    /// <summary>All interfaces but loopback.</summary>
    public static List<NetStat> Parse(ReadOnlySpan<byte> text)
    {
        var interfaces = new List<NetStat>();
        var lines = new ProcLines(text);
        while (lines.MoveNext())
        {
            // Old kernels leave no blank between the colon and the first counter.
            var colon = lines.Current.LastIndexOf((byte)':');
            if (colon < 0)
                continue;
            var name = lines.Current[..colon].Trim((byte)' ');
            if (name.SequenceEqual("lo"u8))
                continue;
            var fields = new ProcFields(lines.Current[(colon + 1)..]);
            var receive = ReadCounters(ref fields);
            fields.Skip(4);
            interfaces.Add(new NetStat(Encoding.UTF8.GetString(name), receive, ReadCounters(ref fields)));
        }
        interfaces.Sort(static (a, b) => string.CompareOrdinal(a.Interface, b.Interface));
        return interfaces;
    }

    static NetCounters ReadCounters(ref ProcFields fields) => new(fields.NextNumber(), fields.NextNumber(), fields.NextNumber(), fields.NextNumber());
}
