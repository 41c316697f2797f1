using System.Net;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Gateway.Exports;

/// <summary>History's answer to one question of an export.</summary>
readonly record struct HistoryPage(HttpStatusCode Status, string? ContentType, byte[] Body);

/// <summary>Reads pages of history through the sidecar.</summary>
sealed class HistoryPages(ServiceInvoker services, TimeProvider time)
{
    /// <summary>Waits between attempts; a page can be asked for as often as one likes.</summary>
    static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)];

    /// <exception cref="HttpRequestException">The sidecar does not answer.</exception>
    public async Task<HistoryPage> ReadAsync(string question, string? cursor, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, (Uri?)null);
        using var response = await services.SendAsync(
            request, Apps.History, cursor is null ? question : $"{question}&cursor={Uri.EscapeDataString(cursor)}", cancellationToken);
        return new HistoryPage(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    /// <summary>As <see cref="ReadAsync"/>; an outage on the way is waited for.</summary>
    /// <exception cref="HttpRequestException">Nothing but outages, or a refusal.</exception>
    public async Task<byte[]> ReadOnAsync(string question, string cursor, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                var page = await ReadAsync(question, cursor, cancellationToken);
                if (page.Status == HttpStatusCode.OK)
                    return page.Body;
                throw new HttpRequestException($"history answered {(int)page.Status}", null, page.Status);
            }
            catch (HttpRequestException error) when (attempt < Waits.Length && error.StatusCode is null or >= HttpStatusCode.InternalServerError)
            {
                await Task.Delay(Waits[attempt], time, cancellationToken);
            }
        }
    }
}

/// <summary>Each export holds a page and a row group in memory: so many may run at once.</summary>
sealed class ExportSlots : IDisposable
{
    public const int Most = 4;

    readonly SemaphoreSlim _free = new(Most);

    public bool TryTake() => _free.Wait(0);

    public void Return() => _free.Release();

    public void Dispose() => _free.Dispose();
}
