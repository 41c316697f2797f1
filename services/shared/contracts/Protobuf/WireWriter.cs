using System.Buffers.Binary;
using System.Text;

namespace Forewarn.Contracts;

/// <summary>Writes protobuf's wire format (protobuf.dev, "Encoding").</summary>
public sealed class WireWriter
{
    /// <summary>A message's length is known at its end; so many bytes are kept for it, which the format allows.</summary>
    const int LengthBytes = 5;

    readonly Stack<int> _open = [];
    byte[] _bytes = new byte[256];
    int _length;

    /// <summary>What has been written; every message within has to be ended.</summary>
    public ReadOnlyMemory<byte> Written => _open.Count == 0 ? _bytes.AsMemory(0, _length) : throw new InvalidOperationException("A message has not ended.");

    public WireWriter Varint(int field, ulong value)
    {
        Tag(field, WireType.Varint);
        Raw(value);
        return this;
    }

    public WireWriter Fixed64(int field, ulong value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteUInt64LittleEndian(Take(sizeof(ulong)), value);
        return this;
    }

    public WireWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Raw((ulong)value.Length);
        value.CopyTo(Take(value.Length));
        return this;
    }

    public WireWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>Begins a message within the message, up to <see cref="End"/>.</summary>
    public WireWriter Begin(int field)
    {
        Tag(field, WireType.Bytes);
        Take(LengthBytes);
        _open.Push(_length);
        return this;
    }

    public WireWriter End()
    {
        var begin = _open.Pop();
        var length = (uint)(_length - begin);
        for (var i = 0; i < LengthBytes; i++)
            _bytes[begin - LengthBytes + i] = (byte)(((length >> (7 * i)) & 0x7f) | (i < LengthBytes - 1 ? 0x80u : 0));
        return this;
    }

    void Tag(int field, WireType type) => Raw(((ulong)field << 3) | (ulong)type);

    void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            Take(1)[0] = (byte)(value | 0x80);
        Take(1)[0] = (byte)value;
    }

    Span<byte> Take(int bytes)
    {
        if (_bytes.Length - _length < bytes)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + bytes));
        _length += bytes;
        return _bytes.AsSpan(_length - bytes, bytes);
    }
}
