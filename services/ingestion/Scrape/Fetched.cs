using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace Forewarn.Ingestion;

/// <summary>An exposition as it came, in a borrowed buffer, or why there is none.</summary>
sealed class Fetched : IDisposable
{
    byte[] _buffer = [];
    int _length;

    public ReadOnlySpan<byte> Text => _buffer.AsSpan(0, _length);
    public bool IsOpenMetrics { get; private set; }
    public string? Failure { get; private set; }

    /// <summary>Asks for an exposition; what goes wrong is told, not thrown.</summary>
    /// <param name="http">Without redirects and time limit.</param>
    /// <param name="url">Of the exposition.</param>
    /// <param name="token">Sent as bearer; null for none.</param>
    /// <param name="maxBytes">Most bytes after decompression.</param>
    /// <param name="timeout">Told to the target, which may leave out what takes longer.</param>
    public static async Task<Fetched> GetAsync(HttpClient http, Uri url, string? token, int maxBytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var fetched = new Fetched();
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("Accept", "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1");
        request.Headers.TryAddWithoutValidation("X-Prometheus-Scrape-Timeout-Seconds", timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        request.Headers.Authorization = string.IsNullOrEmpty(token) ? null : new AuthenticationHeaderValue("Bearer", token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
                fetched.Failure = string.Create(CultureInfo.InvariantCulture, $"it answers {(int)response.StatusCode}");
            else
                await fetched.ReadAsync(response.Content, maxBytes, cancellationToken);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException or InvalidDataException)
        {
            fetched.Failure = unreachable.Message;
        }
        return fetched;
    }

    async Task ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        IsOpenMetrics = content.Headers.ContentType?.MediaType == "application/openmetrics-text";
        _buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(content.Headers.ContentLength ?? 64 * 1024, maxBytes) + 1);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        while (await stream.ReadAsync(_buffer.AsMemory(_length), cancellationToken) is > 0 and var read)
        {
            _length += read;
            if (_length > maxBytes)
            {
                Failure = $"its exposition is larger than {maxBytes} bytes (INGESTION__SCRAPE__MAXBODYBYTES)";
                return;
            }
            if (_length < _buffer.Length)
                continue;
            var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
            _buffer.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }
}
