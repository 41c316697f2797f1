using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Forewarn.Simulator;

/// <summary>Writes Protocol Buffers' wire format: https://protobuf.dev/programming-guides/encoding/.</summary>
sealed class ProtobufWriter
{
    const int Fixed64 = 1;
    const int LengthDelimited = 2;

    readonly ArrayBufferWriter<byte> _bytes = new();

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Double(int field, double value) => Number(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A <c>fixed64</c>.</summary>
    public void Number(int field, ulong value)
    {
        Tag(field, Fixed64);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _bytes.Write(bytes);
    }

    public void Message(int field, Action<ProtobufWriter> write)
    {
        var message = new ProtobufWriter();
        write(message);
        Bytes(field, message._bytes.WrittenSpan);
    }

    void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, LengthDelimited);
        Varint((ulong)value.Length);
        _bytes.Write(value);
    }

    void Tag(int field, int wireType) => Varint((ulong)(field << 3 | wireType));

    void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        _bytes.Write(bytes[..length]);
    }
}
