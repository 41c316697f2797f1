using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Forewarn.Gateway.Live;

/// <summary>One server-sent event as bytes, made once for all clients.</summary>
/// <param name="Bytes">The event with its ending blank line.</param>
/// <param name="MayBeLost">A tick: the next one replaces it. Everything else must arrive.</param>
sealed record Frame(ReadOnlyMemory<byte> Bytes, bool MayBeLost = false)
{
    /// <summary>A comment that keeps proxies from closing an idle connection.</summary>
    public static readonly Frame Heartbeat = new(": heartbeat\n\n"u8.ToArray(), MayBeLost: true);

    public static Frame Of<T>(string name, T data, JsonTypeInfo<T> type, long? id = null, bool mayBeLost = false) =>
        Of(name, JsonSerializer.SerializeToUtf8Bytes(data, type), id, mayBeLost);

    /// <param name="json">One line: JSON as our writers make it holds no line break.</param>
    public static Frame Of(string name, ReadOnlySpan<byte> json, long? id = null, bool mayBeLost = false)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 64);
        if (id is { } number)
            buffer.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {number}\n")));
        buffer.Write(Encoding.ASCII.GetBytes($"event: {name}\ndata: "));
        buffer.Write(json);
        buffer.Write("\n\n"u8);
        return new Frame(buffer.WrittenMemory, mayBeLost);
    }
}
