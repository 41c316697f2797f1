namespace Forewarn.Ingestion;

/// <summary><c>/proc/meminfo</c> in bytes.</summary>
readonly record struct MemInfo(ulong Total, ulong Free, ulong Available, ulong Buffers, ulong Cached, ulong Reclaimable, ulong Dirty, ulong SwapTotal, ulong SwapFree)
{
    public double Utilization => Total == 0 ? double.NaN : 1 - (double)Available / Total;
    public double SwapUtilization => SwapTotal == 0 ? double.NaN : 1 - (double)SwapFree / SwapTotal;

    /// <summary>Neither free nor given back on demand; as <c>free</c> of procps reckons.</summary>
    public ulong Used => Total - Math.Min(Total, Free + Buffers + Cached + Reclaimable);

    public static MemInfo Parse(ReadOnlySpan<byte> text)
    {
        var info = default(MemInfo);
        var hasAvailable = false;
        var lines = new ProcLines(text);
        while (lines.MoveNext())
        {
            var fields = new ProcFields(lines.Current);
            var key = fields.Next();
            var bytes = fields.NextNumber() * 1024;
            if (key.SequenceEqual("MemTotal:"u8))
                info = info with { Total = bytes };
            else if (key.SequenceEqual("MemFree:"u8))
                info = info with { Free = bytes };
            else if (key.SequenceEqual("MemAvailable:"u8))
                (info, hasAvailable) = (info with { Available = bytes }, true);
            else if (key.SequenceEqual("Buffers:"u8))
                info = info with { Buffers = bytes };
            else if (key.SequenceEqual("Cached:"u8))
                info = info with { Cached = bytes };
            else if (key.SequenceEqual("SReclaimable:"u8))
                info = info with { Reclaimable = bytes };
            else if (key.SequenceEqual("Dirty:"u8))
                info = info with { Dirty = bytes };
            else if (key.SequenceEqual("SwapTotal:"u8))
                info = info with { SwapTotal = bytes };
            else if (key.SequenceEqual("SwapFree:"u8))
                info = info with { SwapFree = bytes };
        }
        // Kernels before 3.14 do not say what is available; this is the estimate that was used then.
        return hasAvailable ? info : info with { Available = Math.Min(info.Total, info.Free + info.Buffers + info.Cached) };
    }
}
