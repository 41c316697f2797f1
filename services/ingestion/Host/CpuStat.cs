namespace Forewarn.Ingestion;

/// <summary><c>/proc/stat</c>: time per mode over all cpus in ticks since boot, and the counters beside it.</summary>
/// <param name="ContextSwitches">Since boot.</param>
/// <param name="Interrupts">Since boot.</param>
/// <param name="Created">Processes and threads created since boot.</param>
/// <param name="Running">Runnable now.</param>
/// <param name="Blocked">Waiting for I/O now.</param>
readonly record struct CpuStat(CpuTimes Times, ulong ContextSwitches, ulong Interrupts, ulong Created, ulong Running, ulong Blocked)
{
    public static CpuStat Parse(ReadOnlySpan<byte> text)
    {
        var stat = default(CpuStat);
        var lines = new ProcLines(text);
        while (lines.MoveNext())
        {
            var fields = new ProcFields(lines.Current);
            var key = fields.Next();
            if (key.SequenceEqual("cpu"u8))
                stat = stat with { Times = CpuTimes.Parse(ref fields) };
            else if (key.SequenceEqual("ctxt"u8))
                stat = stat with { ContextSwitches = fields.NextNumber() };
            else if (key.SequenceEqual("intr"u8))
                stat = stat with { Interrupts = fields.NextNumber() };
            else if (key.SequenceEqual("processes"u8))
                stat = stat with { Created = fields.NextNumber() };
            else if (key.SequenceEqual("procs_running"u8))
                stat = stat with { Running = fields.NextNumber() };
            else if (key.SequenceEqual("procs_blocked"u8))
                stat = stat with { Blocked = fields.NextNumber() };
        }
        return stat;
    }
}

/// <summary>Ticks per mode. Guest time is contained in user and nice and not counted again.</summary>
readonly record struct CpuTimes(ulong User, ulong Nice, ulong System, ulong Idle, ulong IoWait, ulong Interrupt, ulong Steal)
{
    public static CpuTimes Parse(ref ProcFields fields)
    {
        var (user, nice, system, idle, ioWait) = (fields.NextNumber(), fields.NextNumber(), fields.NextNumber(), fields.NextNumber(), fields.NextNumber());
        return new(user, nice, system, idle, ioWait, fields.NextNumber() + fields.NextNumber(), fields.NextNumber());
    }

    /// <summary>What passed since <paramref name="earlier"/>. Idle and I/O wait may run backwards a little on some kernels: that is 0.</summary>
    public CpuTimes Since(CpuTimes earlier) => new(
        Passed(User, earlier.User), Passed(Nice, earlier.Nice), Passed(System, earlier.System), Passed(Idle, earlier.Idle),
        Passed(IoWait, earlier.IoWait), Passed(Interrupt, earlier.Interrupt), Passed(Steal, earlier.Steal));

    public ulong Total => User + Nice + System + Idle + IoWait + Interrupt + Steal;

    static ulong Passed(ulong now, ulong earlier) => now > earlier ? now - earlier : 0;
}
