using Snappier;

namespace Forewarn.Ingestion;

/// <summary>Reads the bodies of remote write and remembers what their series mean. Thread-safe.</summary>
/// <param name="maxBytes">Most bytes that may come out of a body.</param>
sealed class WriteDecoder(int maxBytes)
{
    public const string Message1 = "prometheus.WriteRequest";
    public const string Message2 = "io.prometheus.write.v2.Request";

    readonly DeclaredTypes _types = new();
    readonly KnownSeries _known1 = new();
    readonly KnownSeries _known2 = new();

    /// <summary>Reads a body as it came.</summary>
    /// <param name="body">Snappy, block format.</param>
    /// <param name="isSecond">Whether it holds <see cref="Message2"/>.</param>
    /// <param name="sink">Takes what it holds.</param>
    /// <returns>Why nothing of it may be used.</returns>
    public Refusal? Read(ReadOnlySpan<byte> body, bool isSecond, WriteSink sink)
    {
        try
        {
            // Before anything is unpacked: a few bytes can say that they are gigabytes, so many that they count as less than none.
            if ((uint)Snappy.GetUncompressedLength(body) > maxBytes)
                return new(413, "too-large", "$", $"unpacks to more than {maxBytes} bytes (INGESTION__MAXBODYBYTES); lower max_samples_per_send");
            using var message = Snappy.DecompressToMemory(body);
            var refusal = isSecond ? Read2(message.Memory.Span, sink) : Read1(message.Memory.Span, sink);
            if (refusal is null)
                sink.Complete();
            return refusal;
        }
        catch (InvalidDataException)
        {
            return new(400, "syntax", "$", "is not packed with Snappy's block format");
        }
    }

    Refusal? Read1(ReadOnlySpan<byte> message, WriteSink sink) => new WriteReader1(_known1, _types).Read(message, sink) ? null : Broken(Message1);

    Refusal? Read2(ReadOnlySpan<byte> message, WriteSink sink)
    {
        var reader = new WriteReader2(_known2);
        return reader.Read(message, sink) ? null : reader.WhyRefused is { } why ? new(400, "content", "$", why) : Broken(Message2);
    }

    static Refusal Broken(string message) => new(400, "syntax", "$", $"is no {message}");
}
