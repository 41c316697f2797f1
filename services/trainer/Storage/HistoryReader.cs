using System.Globalization;
using System.Runtime.CompilerServices;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>What the trainer asks of <c>history</c>, through Dapr invocation.</summary>
sealed class HistoryReader(ServiceInvoker invoker, SchemaRegistry schemas)
{
    const int PageSize = 500;
    const int PageRows = 600;

    /// <summary>A training reads a sample anyway; this bounds what a broken cursor could cost.</summary>
    const int MaxPages = 200;

    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<List<EntityInfo>> EntitiesAsync(CancellationToken cancellationToken)
    {
        var entities = new List<EntityInfo>();
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var found = await invoker.GetAsync(Apps.History, Paged("v1/entities", cursor), ContractJson.Default.PageEntityInfo, cancellationToken);
            entities.AddRange(found?.Items ?? []);
            cursor = found?.Next;
            if (cursor is null)
                break;
        }
        return entities;
    }

    /// <summary>Incidents of any status, newest first, back to those that ended before <paramref name="since"/>.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<List<IncidentEvent>> IncidentsAsync(long since, CancellationToken cancellationToken)
    {
        var incidents = new List<IncidentEvent>();
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var found = await invoker.GetAsync(Apps.History, Paged("v1/incidents", cursor), ContractJson.Default.PageIncidentEvent, cancellationToken);
            incidents.AddRange((found?.Items ?? []).Where(incident => (incident.ResolvedAt ?? long.MaxValue) >= since));
            cursor = found?.Next;
            if (cursor is null)
                break;
        }
        return incidents;
    }

    /// <summary>An incident is under way, acknowledged or not.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<bool> HasUnresolvedIncidentAsync(CancellationToken cancellationToken) =>
        await invoker.GetAsync(Apps.History, "v1/incidents?status=open,acknowledged&limit=1", ContractJson.Default.PageIncidentEvent, cancellationToken)
            is { Items.Count: > 0 };

    /// <summary>One page of raw rows: <paramref name="from"/> inclusive, <paramref name="to"/> exclusive.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<RawRows?> RawAsync(string entity, long from, long to, int limit, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/raw?entity={Uri.EscapeDataString(entity)}&from={from}&to={to}&limit={limit}");
        return await invoker.GetAsync(Apps.History, path, ContractJson.Default.RawRows, cancellationToken);
    }

    /// <summary>One incident in its newest revision; null when there is none.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public Task<IncidentEvent?> IncidentAsync(string id, CancellationToken cancellationToken) =>
        invoker.GetAsync(Apps.History, $"v1/incidents/{Uri.EscapeDataString(id)}", ContractJson.Default.IncidentEvent, cancellationToken);

    /// <summary>Samples of an entity in the order of event time: <paramref name="from"/> inclusive, <paramref name="to"/> exclusive.</summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    /// <exception cref="SchemaMissingException">Nobody has written a schema that samples name.</exception>
    public async IAsyncEnumerable<(long T, SeriesSchema Schema, double[] Values)> SamplesAsync(
        string entity, long from, long to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (long? at = from; at is { } next && next < to;)
        {
            var page = await RawAsync(entity, next, to, PageRows, cancellationToken);
            var samples = new List<(long T, SeriesSchema Schema, double[] Values)>();
            foreach (var set in page?.Sets ?? [])
            {
                var schema = await schemas.GetAsync(set.Schema, cancellationToken);
                samples.AddRange(set.Rows.Select(row => (row.T, schema, row.Values)));
            }
            foreach (var sample in samples.OrderBy(sample => sample.T))
                yield return sample;
            // A cursor that does not move would read for ever.
            at = page?.Next > next ? page.Next : null;
        }
    }

    /// <summary>
    /// Usual time between samples of an entity, milliseconds: not all are measured once a second, and a stretch is a number of ticks,
    /// not a time.
    /// </summary>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<long> CadenceAsync(string entity, long from, long to, CancellationToken cancellationToken)
    {
        var page = await RawAsync(entity, from, to, 31, cancellationToken);
        var times = (page?.Sets ?? []).SelectMany(set => set.Rows).Select(row => row.T / 1000).Distinct().Order().ToArray();
        var gaps = times.Skip(1).Zip(times, (later, earlier) => later - earlier).Order().ToArray();
        return gaps.Length == 0 ? 1000 : Math.Clamp(gaps[gaps.Length / 2] * 1000, 1000, 3_600_000);
    }

    static string Paged(string path, string? cursor) => string.Create(
        CultureInfo.InvariantCulture, $"{path}?limit={PageSize}{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}");
}
