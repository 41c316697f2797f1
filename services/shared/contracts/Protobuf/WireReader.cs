using System.Buffers.Binary;

namespace Forewarn.Contracts;

/// <summary>How a field's value is written.</summary>
public enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>
/// Reads protobuf's wire format (protobuf.dev, "Encoding") in place, without a copy. What breaks the format, groups included, ends the reading:
/// <see cref="Next"/> says false and <see cref="IsBroken"/> true, and values read from then on mean nothing. Fields that are not known are passed over with
/// <see cref="Skip"/>.
/// </summary>
public ref struct WireReader(ReadOnlySpan<byte> message)
{
    readonly ReadOnlySpan<byte> _message = message;
    int _at;

    /// <summary>Whether the message breaks the format.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Whether everything has been read: the end of numbers that are packed without fields.</summary>
    public readonly bool IsAtEnd => _at >= _message.Length;

    /// <summary>Number of the field <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    /// <summary>How its value is written.</summary>
    public WireType Type { get; private set; }

    /// <summary>Bytes read so far; after <see cref="Next"/> the place of the field's value.</summary>
    public readonly int Position => _at;

    /// <summary>Goes to the next field; its value has to be read or skipped before the next call.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool Next()
    {
        if (IsBroken || _at >= _message.Length)
            return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        if (IsBroken || tag > uint.MaxValue || Field == 0 || Type is not (WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32))
            return Break();
        return true;
    }

    /// <summary>Whether the field found is this one, written this way; another way of writing it breaks the format.</summary>
    public bool Is(int field, WireType type) => Field == field && (Type == type || Break());

    /// <summary>An unsigned number of up to ten bytes; also the two's complement of <c>int64</c>.</summary>
    public ulong Varint()
    {
        if (_at < _message.Length && _message[_at] < 0x80)
            return _message[_at++];
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_at >= _message.Length)
                break;
            var next = _message[_at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        Break();
        return 0;
    }

    /// <summary>A zigzag number: <c>sint32</c> and <c>sint64</c>.</summary>
    public long ZigZag()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ulong Fixed64()
    {
        if (!Has(8))
            return 0;
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_message[_at..]);
        _at += 8;
        return value;
    }

    public uint Fixed32()
    {
        if (!Has(4))
            return 0;
        var value = BinaryPrimitives.ReadUInt32LittleEndian(_message[_at..]);
        _at += 4;
        return value;
    }

    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    /// <summary>Bytes, text, or a message within the message.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        var length = Varint();
        if (length > int.MaxValue || !Has((int)length))
        {
            Break();
            return default;
        }
        var value = _message.Slice(_at, (int)length);
        _at += (int)length;
        return value;
    }

    /// <summary>Passes over the value of the field found.</summary>
    public void Skip()
    {
        switch (Type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Fixed64();
                break;
            case WireType.Fixed32:
                Fixed32();
                break;
            default:
                Bytes();
                break;
        }
    }

    bool Has(int bytes) => _message.Length - _at >= bytes || Break();

    /// <summary>Says that the message breaks the format, which only its meaning can tell; false.</summary>
    public bool Break()
    {
        IsBroken = true;
        _at = _message.Length;
        return false;
    }
}
