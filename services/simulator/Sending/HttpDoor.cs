using System.Net;
using System.Net.Http.Headers;

namespace Forewarn.Simulator;

/// <summary>Posts to a door and waits while it is away, with growing pauses, at most <see cref="Patience"/>.</summary>
/// <param name="reason">Reads why it refused out of the body of an answer; null when it does not say.</param>
sealed class HttpDoor(HttpClient http, string path, string mediaType, Func<byte[], string?> reason, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(5);

    /// <returns>The answer's body.</returns>
    /// <exception cref="SendingException">It was refused, or the door is away.</exception>
    public async Task<byte[]> PostAsync(byte[] body, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var pause = _firstPause; ; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            var (answer, away) = await TryAsync(body, cancellationToken);
            if (answer is not null)
                return answer;
            if (time.GetElapsedTime(start) + pause > Patience)
                throw new SendingException($"{http.BaseAddress} does not take metrics: {away}. Is the platform up (./forewarn up)?");
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>The answer when taken; else why it is worth trying again.</summary>
    async Task<(byte[]? Answer, string? Away)> TryAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        try
        {
            using var response = await http.PostAsync(path, content, cancellationToken);
            var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (response.IsSuccessStatusCode)
                return (answer, null);
            var why = $"{(int)response.StatusCode} {reason(answer) ?? response.ReasonPhrase}";
            return IsPassing(response.StatusCode) ? (null, why) : throw new SendingException($"{http.BaseAddress} refuses what is sent: {why}");
        }
        catch (HttpRequestException unreachable)
        {
            return (null, unreachable.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "no answer in time");
        }
    }

    /// <summary>What OpenTelemetry's protocol calls retryable, which is what the JSON door means by it too.</summary>
    static bool IsPassing(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
