using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Simulator;

/// <summary>The platform does not answer as a running one does.</summary>
sealed class PlatformException(string message) : Exception(message);

/// <summary>Reads incidents from the gateway.</summary>
sealed class IncidentReader(HttpClient http)
{
    /// <exception cref="PlatformException">It is not there.</exception>
    public async Task RequireAsync(CancellationToken cancellationToken) => await GetAsync("api/incidents?limit=1", ContractJson.Default.PageIncidentEvent, cancellationToken);

    /// <summary>All that were unresolved at some time between the two, unix milliseconds, in their newest revision.</summary>
    /// <exception cref="PlatformException">It does not answer.</exception>
    public async Task<IReadOnlyList<IncidentEvent>> ReadAsync(long from, long to, CancellationToken cancellationToken)
    {
        var incidents = new List<IncidentEvent>();
        string? cursor = null;
        do
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"api/incidents?from={from}&to={to}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
            var page = await GetAsync(path, ContractJson.Default.PageIncidentEvent, cancellationToken);
            incidents.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return incidents;
    }

    async Task<T> GetAsync<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await http.GetFromJsonAsync(path, type, cancellationToken) ?? throw new PlatformException($"{http.BaseAddress}{path} answers with nothing.");
        }
        catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.Unauthorized)
        {
            throw new PlatformException($"{http.BaseAddress} asks for a token: put it into GATEWAY__ACCESSTOKEN.");
        }
        catch (Exception away) when (away is HttpRequestException or JsonException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new PlatformException($"{http.BaseAddress} does not answer as a running platform: {away.Message} `./forewarn up` starts one; --api names another address.");
        }
    }
}
