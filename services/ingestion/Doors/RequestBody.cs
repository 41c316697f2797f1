using System.Buffers;
using System.IO.Compression;

namespace Forewarn.Ingestion;

/// <summary>A request's bytes in a borrowed buffer, or why there are none.</summary>
sealed class RequestBody : IDisposable
{
    byte[] _buffer;
    int _length;

    RequestBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);
    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);
    public Refusal? Refusal { get; private set; }

    /// <summary>Reads a body to its end.</summary>
    /// <param name="request">Whose body.</param>
    /// <param name="maxBytes">Most bytes, of a compressed body those that come out.</param>
    /// <param name="gzip">What the headers call gzip is decompressed.</param>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int maxBytes, bool gzip = false)
    {
        var isPacked = gzip && string.Equals(request.Headers.ContentEncoding, "gzip", StringComparison.OrdinalIgnoreCase);
        var declared = request.ContentLength;
        var body = new RequestBody((int)Math.Min(declared ?? 64 * 1024, maxBytes) + 1);
        if (declared > maxBytes)
        {
            body.Refusal = TooLarge(maxBytes);
            return body;
        }
        await using var unpacked = isPacked ? new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true) : null;
        var source = unpacked ?? request.Body;
        try
        {
            while (await source.ReadAsync(body._buffer.AsMemory(body._length), request.HttpContext.RequestAborted) is > 0 and var read)
            {
                body._length += read;
                if (body._length > maxBytes)
                {
                    body.Refusal = TooLarge(maxBytes);
                    return body;
                }
                if (body._length == body._buffer.Length)
                    body.Grow();
            }
            return body;
        }
        catch (InvalidDataException) when (isPacked)
        {
            body.Refusal = new(400, "syntax", "$", "is no gzip, though its Content-Encoding says so");
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>Takes bytes that have been received already.</summary>
    public static RequestBody Copy(in ReadOnlySequence<byte> bytes)
    {
        var body = new RequestBody(Math.Max(1, (int)bytes.Length));
        bytes.CopyTo(body._buffer);
        body._length = (int)bytes.Length;
        return body;
    }

    static Refusal TooLarge(int maxBytes) => new(413, "too-large", "$", $"is larger than {maxBytes} bytes (INGESTION__MAXBODYBYTES); send it in parts");

    void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
    }
}
