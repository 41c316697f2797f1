using System.Buffers.Binary;
using System.Text;

namespace Forewarn.Models;

/// <summary>
/// Walks the fields of a protobuf message in place, without building objects or copying. After each
/// <see cref="Next"/> the value is read by one of the methods, or passed over by the next <see cref="Next"/>.
/// </summary>
/// <remarks>Every length is checked against what is there: the input is not trusted.</remarks>
sealed class ProtoInput(ReadOnlyMemory<byte> message)
{
    const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    int _at;
    int _wireType;
    bool _pending;

    public int Field { get; private set; }

    /// <exception cref="InvalidDataException">The message is cut off or no protobuf.</exception>
    public bool Next()
    {
        if (_pending)
            Skip();
        if (_at == message.Length)
            return false;
        var tag = ReadVarint();
        (Field, _wireType) = ((int)(tag >> 3), (int)(tag & 7));
        if (tag > uint.MaxValue || Field == 0)
            throw new InvalidDataException($"byte {_at} starts no field");
        _pending = true;
        return true;
    }

    /// <summary>A length-delimited value.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        Expect(Delimited);
        return Slice(ReadVarint());
    }

    public ProtoInput Message() => new(Bytes());

    public string Text() => Encoding.UTF8.GetString(Bytes().Span);

    /// <summary>Appends a repeated integer, packed or one by one.</summary>
    public void AddInts(List<long> values)
    {
        if (_wireType == Varint)
        {
            _pending = false;
            values.Add((long)ReadVarint());
            return;
        }
        var packed = Message();
        while (packed._at < packed.Length)
            values.Add((long)packed.ReadVarint());
    }

    /// <summary>Appends a repeated float, packed or one by one.</summary>
    public void AddFloats(List<float> values)
    {
        ReadOnlySpan<byte> packed;
        if (_wireType == Fixed32)
        {
            _pending = false;
            packed = Slice(4).Span;
        }
        else
        {
            packed = Bytes().Span;
        }
        if (packed.Length % 4 != 0)
            throw new InvalidDataException($"field {Field} has {packed.Length} bytes, no whole number of floats");
        for (; !packed.IsEmpty; packed = packed[4..])
            values.Add(BinaryPrimitives.ReadSingleLittleEndian(packed));
    }

    int Length => message.Length;

    void Skip()
    {
        _pending = false;
        _ = _wireType switch
        {
            Varint => SkipVarint(),
            Fixed64 => Slice(8),
            Delimited => Slice(ReadVarint()),
            Fixed32 => Slice(4),
            _ => throw new InvalidDataException($"field {Field} has unknown wire type {_wireType}"),
        };
    }

    void Expect(int wireType)
    {
        if (_wireType != wireType)
            throw new InvalidDataException($"field {Field} has wire type {_wireType} instead of {wireType}");
        _pending = false;
    }

    ReadOnlyMemory<byte> SkipVarint()
    {
        ReadVarint();
        return default;
    }

    ReadOnlyMemory<byte> Slice(ulong length)
    {
        if (length > (ulong)(message.Length - _at))
            throw new InvalidDataException($"a part of {length} bytes begins at byte {_at} of {message.Length}");
        var slice = message.Slice(_at, (int)length);
        _at += (int)length;
        return slice;
    }

    ulong ReadVarint()
    {
        var span = message.Span;
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= span.Length)
                throw new InvalidDataException("it ends inside a number");
            var part = span[_at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException($"byte {_at} belongs to a number of more than 64 bits");
    }
}
