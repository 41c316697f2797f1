using System.Buffers.Text;

namespace Forewarn.Ingestion;

/// <summary>Reads fields separated by blanks from one line of a /proc file; allocates nothing.</summary>
ref struct ProcFields(ReadOnlySpan<byte> line)
{
    ReadOnlySpan<byte> _rest = line;

    public ReadOnlySpan<byte> Next()
    {
        _rest = _rest.TrimStart(" \t"u8);
        var end = _rest.IndexOfAny(" \t"u8);
        var field = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[end..];
        return field;
    }

    /// <summary>The next field as a number; 0 when it is absent, as on kernels that do not know it yet.</summary>
    public ulong NextNumber() => Utf8Parser.TryParse(Next(), out ulong number, out _) ? number : 0;

    public double NextDecimal() => Utf8Parser.TryParse(Next(), out double number, out _) ? number : double.NaN;

    public void Skip(int fields)
    {
        for (; fields > 0; fields--)
            Next();
    }
}

/// <summary>Lines of a /proc file.</summary>
ref struct ProcLines(ReadOnlySpan<byte> text)
{
    ReadOnlySpan<byte> _rest = text;

    public ReadOnlySpan<byte> Current { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        var end = _rest.IndexOf((byte)'\n');
        Current = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }
}
