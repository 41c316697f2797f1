using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>
/// When history last saw each entity. This replica also stops hearing from an entity when another replica takes it over;
/// history hears everything, so it tells silence from a move.
/// </summary>
sealed class LastSeen(ServiceInvoker services)
{
    const int MaxPages = 1000;

    /// <exception cref="HttpRequestException">History does not answer.</exception>
    public async Task<Dictionary<string, long>> ReadAsync(CancellationToken cancellationToken)
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        string? cursor = null;
        for (var i = 0; i < MaxPages; i++)
        {
            var path = cursor is null ? "v1/entities" : $"v1/entities?cursor={Uri.EscapeDataString(cursor)}";
            var page = await services.GetAsync(Apps.History, path, ContractJson.Default.PageEntityInfo, cancellationToken);
            foreach (var entity in page?.Items ?? [])
                seen[entity.Entity] = entity.LastSeen;
            cursor = page?.Next;
            if (cursor is null)
                break;
        }
        return seen;
    }
}
