using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>What all kinds of points have in common, as far as it has been read.</summary>
struct OtlpPoint
{
    const uint NoRecordedValue = 1;

    int _begin;
    int _end;
    bool _isScattered;

    public ulong Start { get; private set; }
    public ulong Time { get; private set; }
    public uint Flags { get; private set; }

    /// <summary>Whether its sender says that nothing was measured.</summary>
    public readonly bool IsMissing => (Flags & NoRecordedValue) != 0;

    /// <summary>Reads the field found if it is one of these; every kind has its own numbers for two of them.</summary>
    public bool TryRead(ref WireReader reader, int attributes, int flags)
    {
        if (reader.Field == attributes)
            return ReadAttribute(ref reader);
        if (reader.Is(2, WireType.Fixed64))
            Start = reader.Fixed64();
        else if (reader.Is(3, WireType.Fixed64))
            Time = reader.Fixed64();
        else if (reader.Is(flags, WireType.Varint))
            Flags = (uint)reader.Varint();
        else
            return false;
        return true;
    }

    /// <summary>Appends the attributes to a key, tags included.</summary>
    /// <param name="message">The point.</param>
    /// <param name="field">Number of the attributes' field, below 16.</param>
    /// <param name="key">Where to.</param>
    /// <param name="at">How much of it there is.</param>
    /// <returns>How much there is then.</returns>
    public readonly int AppendAttributes(ReadOnlySpan<byte> message, int field, ref byte[] key, int at)
    {
        if (_end == 0)
            return at;
        if (key.Length < at + message.Length + 1)
            Array.Resize(ref key, Math.Max(key.Length * 2, at + message.Length + 1));
        if (!_isScattered)
        {
            // Their tags take a byte each; the first one's lies before the range.
            key[at] = (byte)((field << 3) | (int)WireType.Bytes);
            message[_begin.._end].CopyTo(key.AsSpan(at + 1));
            return at + 1 + _end - _begin;
        }
        var reader = new WireReader(message);
        while (reader.Next())
        {
            var begin = reader.Position;
            reader.Skip();
            if (reader.Field != field)
                continue;
            key[at] = (byte)((field << 3) | (int)WireType.Bytes);
            message[begin..reader.Position].CopyTo(key.AsSpan(at + 1));
            at += 1 + reader.Position - begin;
        }
        return at;
    }

    bool ReadAttribute(ref WireReader reader)
    {
        if (!reader.Is(reader.Field, WireType.Bytes))
            return false;
        if (_end == 0)
            _begin = reader.Position;
        else
            _isScattered |= reader.Position != _end + 1;
        reader.Bytes();
        _end = reader.Position;
        return true;
    }
}
