using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Alerting;

/// <summary>Incidents and entities as <c>history</c> has them, through Dapr invocation.</summary>
sealed class PastIncidents(ServiceInvoker invoker)
{
    const int PageSize = 500;

    /// <summary>Bounds what a broken cursor or an endless storm could cost.</summary>
    const int MostPages = 200;

    /// <summary>Incidents that opened in a time, newest first.</summary>
    /// <param name="from">Unix milliseconds, inclusive.</param>
    /// <param name="to">Unix milliseconds, exclusive.</param>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<List<IncidentEvent>> OpenedAsync(long from, long to, CancellationToken cancellationToken)
    {
        // History looks for what was unresolved at 'from' or later, so it has some that opened before.
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/incidents?from={from}&to={to}&limit={PageSize}");
        var found = await AllAsync(path, ContractJson.Default.PageIncidentEvent, cancellationToken);
        return [.. found.Where(incident => incident.OpenedAt >= from && incident.OpenedAt < to)];
    }

    /// <summary>Names of the entities that something was heard of.</summary>
    /// <param name="since">At this time or later, unix milliseconds.</param>
    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<List<string>> EntitiesAsync(long since, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/entities?since={since}&limit={PageSize}");
        return [.. (await AllAsync(path, ContractJson.Default.PageEntityInfo, cancellationToken)).Select(info => info.Entity)];
    }

    /// <summary>What people said of incidents since a time, newest first.</summary>
    /// <exception cref="HttpRequestException">The trainer does not answer.</exception>
    public async Task<List<FeedbackEvent>> FeedbackAsync(long since, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"v1/feedback?limit={PageSize}");
        return await AllAsync(path, ContractJson.Default.PageFeedbackEvent, cancellationToken, Apps.Trainer, feedback => feedback.At >= since);
    }

    /// <param name="isWanted">Pages end at the first that is not, which is left out with all after it.</param>
    async Task<List<T>> AllAsync<T>(
        string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<Page<T>> type, CancellationToken cancellationToken,
        string app = Apps.History, Func<T, bool>? isWanted = null)
    {
        var all = new List<T>();
        string? cursor = null;
        for (var page = 0; page < MostPages; page++)
        {
            var found = await invoker.GetAsync(app, cursor is null ? path : $"{path}&cursor={Uri.EscapeDataString(cursor)}", type, cancellationToken);
            var items = found?.Items ?? [];
            var wanted = isWanted is null ? items : [.. items.TakeWhile(isWanted)];
            all.AddRange(wanted);
            cursor = found?.Next;
            if (cursor is null || wanted.Count < items.Count)
                break;
        }
        return all;
    }
}
