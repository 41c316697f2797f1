namespace Forewarn.Ingestion;

/// <summary><c>/proc/pressure/*</c>: microseconds since boot in which some or all tasks waited for a resource; null where the kernel does not say.</summary>
readonly record struct Pressure(ulong? SomeMicroseconds, ulong? FullMicroseconds)
{
    public static Pressure Parse(ReadOnlySpan<byte> text)
    {
        var pressure = default(Pressure);
        var lines = new ProcLines(text);
        while (lines.MoveNext())
        {
            var total = lines.Current.IndexOf("total="u8);
            if (total < 0)
                continue;
            var microseconds = new ProcFields(lines.Current[(total + "total=".Length)..]).NextNumber();
            if (lines.Current.StartsWith("some"u8))
                pressure = pressure with { SomeMicroseconds = microseconds };
            else if (lines.Current.StartsWith("full"u8))
                pressure = pressure with { FullMicroseconds = microseconds };
        }
        return pressure;
    }
}

/// <summary><c>/proc/loadavg</c>; <paramref name="Threads"/> is the number of tasks the scheduler knows.</summary>
readonly record struct LoadAverage(double OneMinute, double FiveMinutes, double FifteenMinutes, ulong Threads)
{
    public static LoadAverage Parse(ReadOnlySpan<byte> text)
    {
        var fields = new ProcFields(text.TrimEnd((byte)'\n'));
        var (one, five, fifteen) = (fields.NextDecimal(), fields.NextDecimal(), fields.NextDecimal());
        var tasks = fields.Next();
        var slash = tasks.IndexOf((byte)'/');
        return new(one, five, fifteen, slash < 0 ? 0 : new ProcFields(tasks[(slash + 1)..]).NextNumber());
    }
}
