using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>Ingestion refuses what is sent, or stayed away too long; the message says which and what to do.</summary>
sealed class SendingException(string message) : Exception(message);

/// <summary>Sends batches to ingestion's JSON door and waits while it is away, with growing pauses, at most <see cref="Patience"/>.</summary>
sealed class IngestClient(HttpClient http, TimeProvider time)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(5);

    /// <exception cref="SendingException">It was refused, or ingestion is away.</exception>
    public async Task SendAsync(ExternalBatch[] batches, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(batches, ContractJson.Default.ExternalBatchArray);
        var start = time.GetTimestamp();
        for (var pause = _firstPause; ; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            if (await TryAsync(body, cancellationToken) is not { } away)
                return;
            if (time.GetElapsedTime(start) + pause > Patience)
                throw new SendingException($"{http.BaseAddress} does not take metrics: {away}. Is the platform up (./forewarn up)?");
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>Null when taken; the reason when it is worth trying again.</summary>
    async Task<string?> TryAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var response = await http.PostAsync("v1/metrics/json", content, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Accepted)
                return null;
            var reason = $"{(int)response.StatusCode} {await ReasonAsync(response, cancellationToken)}";
            return response.StatusCode is >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests
                ? reason
                : throw new SendingException($"{http.BaseAddress} refuses what is sent: {reason}");
        }
        catch (HttpRequestException unreachable)
        {
            return unreachable.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer in time";
        }
    }

    static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var problem = JsonDocument.Parse(text);
            return $"{problem.RootElement.GetProperty("field").GetString()} {problem.RootElement.GetProperty("reason").GetString()}";
        }
        catch (Exception plain) when (plain is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return response.ReasonPhrase ?? "";
        }
    }
}
