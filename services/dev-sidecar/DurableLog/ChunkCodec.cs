using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DevSidecar.DurableLog;

/// <summary>What one chunk holds of one partition.</summary>
[System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
readonly record struct ChunkSlice(int TopicPartition, long BaseOffset, int Count);

/// <summary>
/// A chunk is everything one commit appended, over all topics: one row, written sequentially, whatever the number of
/// partitions touched. Its index says which offsets of which partitions are inside, so a scan need not read the records.
/// </summary>
static class ChunkCodec
{
    const int SliceSize = 16;

    public static byte[] EncodeIndex(IReadOnlyCollection<ChunkSlice> slices)
    {
        var bytes = new byte[slices.Count * SliceSize];
        var at = bytes.AsSpan();
        foreach (var slice in slices)
        {
            BinaryPrimitives.WriteInt32LittleEndian(at, slice.TopicPartition);
            BinaryPrimitives.WriteInt64LittleEndian(at[4..], slice.BaseOffset);
            BinaryPrimitives.WriteInt32LittleEndian(at[12..], slice.Count);
            at = at[SliceSize..];
        }

        return bytes;
    }

    public static ChunkSlice[] DecodeIndex(ReadOnlySpan<byte> bytes)
    {
        var slices = new ChunkSlice[bytes.Length / SliceSize];
        for (var i = 0; i < slices.Length; i++)
        {
            var at = bytes[(i * SliceSize)..];
            slices[i] = new(
                BinaryPrimitives.ReadInt32LittleEndian(at),
                BinaryPrimitives.ReadInt64LittleEndian(at[4..]),
                BinaryPrimitives.ReadInt32LittleEndian(at[12..]));
        }

        return slices;
    }

    public static void Write(ArrayBufferWriter<byte> writer, int topicPartition, LogRecord record)
    {
        var head = writer.GetSpan(20);
        BinaryPrimitives.WriteInt32LittleEndian(head, topicPartition);
        BinaryPrimitives.WriteInt64LittleEndian(head[4..], record.Offset);
        BinaryPrimitives.WriteInt64LittleEndian(head[12..], record.TimeMs);
        writer.Advance(20);
        WriteText(writer, record.Key);
        WriteInt(writer, record.Headers.Count);
        foreach (var header in record.Headers)
        {
            WriteText(writer, header.Key);
            WriteText(writer, header.Value);
        }

        WriteInt(writer, record.Value.Length);
        writer.Write(record.Value.Span);
    }

    /// <summary>Decodes a whole chunk. Values share <paramref name="data"/>.</summary>
    public static List<(int TopicPartition, LogRecord Record)> Decode(ReadOnlyMemory<byte> data)
    {
        var records = new List<(int, LogRecord)>();
        while (data.Length > 0)
        {
            var head = data.Span;
            var topicPartition = BinaryPrimitives.ReadInt32LittleEndian(head);
            var offset = BinaryPrimitives.ReadInt64LittleEndian(head[4..]);
            var time = BinaryPrimitives.ReadInt64LittleEndian(head[12..]);
            data = data[20..];
            var key = ReadText(ref data);
            var headers = new KeyValuePair<string, string>[ReadInt(ref data)];
            for (var i = 0; i < headers.Length; i++)
            {
                var name = ReadText(ref data);
                headers[i] = new(name ?? "", ReadText(ref data) ?? "");
            }

            var length = ReadInt(ref data);
            records.Add((topicPartition, new(offset, time, key, headers, data[..length])));
            data = data[length..];
        }

        return records;
    }

    static void WriteInt(ArrayBufferWriter<byte> writer, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(writer.GetSpan(4), value);
        writer.Advance(4);
    }

    static void WriteText(ArrayBufferWriter<byte> writer, string? text)
    {
        if (text is null)
        {
            WriteInt(writer, -1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(text);
        WriteInt(writer, length);
        writer.Advance(Encoding.UTF8.GetBytes(text, writer.GetSpan(length)));
    }

    static int ReadInt(ref ReadOnlyMemory<byte> data)
    {
        var value = BinaryPrimitives.ReadInt32LittleEndian(data.Span);
        data = data[4..];
        return value;
    }

    static string? ReadText(ref ReadOnlyMemory<byte> data)
    {
        var length = ReadInt(ref data);
        if (length < 0)
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(data.Span[..length]);
        data = data[length..];
        return text;
    }
}
