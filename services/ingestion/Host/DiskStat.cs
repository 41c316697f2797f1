using System.Text;

namespace Forewarn.Ingestion;

/// <summary>One device of <c>/proc/diskstats</c>; counters since boot.</summary>
/// <param name="BusyMs">Milliseconds with at least one request under way; a 32-bit counter.</param>
readonly record struct DiskStat(string Device, ulong Reads, ulong ReadBytes, ulong Writes, ulong WrittenBytes, ulong BusyMs)
{
    /// <summary>The file counts in sectors of 512 bytes whatever the device does.</summary>
    const ulong SectorBytes = 512;

    /// <param name="wanted">Which devices count.</param>
    public static List<DiskStat> Parse(ReadOnlySpan<byte> text, Func<string, bool> wanted)
    {
        var disks = new List<DiskStat>();
        var lines = new ProcLines(text);
        while (lines.MoveNext())
        {
            var fields = new ProcFields(lines.Current);
            fields.Skip(2);
            var name = fields.Next();
            if (name.IsEmpty || name.StartsWith("loop"u8) || name.StartsWith("ram"u8) || name.StartsWith("zram"u8))
                continue;
            var device = Encoding.ASCII.GetString(name);
            if (!wanted(device))
                continue;
            var reads = fields.NextNumber();
            fields.Skip(1);
            var readSectors = fields.NextNumber();
            fields.Skip(1);
            var writes = fields.NextNumber();
            fields.Skip(1);
            var writtenSectors = fields.NextNumber();
            fields.Skip(2);
            disks.Add(new DiskStat(device, reads, readSectors * SectorBytes, writes, writtenSectors * SectorBytes, fields.NextNumber()));
        }
        disks.Sort(static (a, b) => string.CompareOrdinal(a.Device, b.Device));
        return disks;
    }
}
