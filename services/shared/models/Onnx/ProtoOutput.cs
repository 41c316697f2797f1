using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Forewarn.Models;

/// <summary>Fields of protobuf messages, written in the order of the calls, so that equal content gives equal bytes.</summary>
static class ProtoOutput
{
    public static byte[] Build(Action<CodedOutputStream> content)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
            content(output);
        return buffer.ToArray();
    }

    public static void Int(this CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    public static void Float(this CodedOutputStream output, int field, float value)
    {
        output.WriteTag(field, WireFormat.WireType.Fixed32);
        output.WriteFloat(value);
    }

    public static void Text(this CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    public static void Bytes(this CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }

    public static void Message(this CodedOutputStream output, int field, Action<CodedOutputStream> content) =>
        output.Bytes(field, Build(content));

    /// <summary>Packed: one length-delimited field instead of a tag per number; every protobuf reader takes both.</summary>
    public static void Packed(this CodedOutputStream output, int field, IReadOnlyList<long> values) =>
        output.Message(field, inner =>
        {
            foreach (var value in values)
                inner.WriteInt64(value);
        });

    /// <inheritdoc cref="Packed(CodedOutputStream, int, IReadOnlyList{long})"/>
    public static void Packed(this CodedOutputStream output, int field, ReadOnlySpan<float> values) =>
        output.Bytes(field, LittleEndian(values));

    public static byte[] LittleEndian<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < bytes.Length; i += Unsafe.SizeOf<T>())
                Array.Reverse(bytes, i, Unsafe.SizeOf<T>());
        }
        return bytes;
    }
}
