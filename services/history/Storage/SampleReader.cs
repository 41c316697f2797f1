using Forewarn.Contracts;
using Forewarn.History.RollUps;
using Forewarn.History.Searches;

namespace Forewarn.History.Storage;

/// <summary>
/// Answers <c>/v1/samples</c>: entity by entity, each from its first time to its last, in pages below 2 MiB. A page also ends
/// when much was looked through and little found, so that no request takes long.
/// </summary>
sealed class SampleReader(SeriesSearch search, EntityCatalog entities, SampleChunks chunks)
{
    /// <summary>What a page may hold as JSON, and pieces of work that it may take.</summary>
    const int MostBytes = 1_900_000, MostChunks = 48, MostEntities = 500;

    /// <summary>Entities that one statement asks for.</summary>
    const int Batch = 50;

    /// <summary>When a schema was last seen is noted this much late at most, with room to spare.</summary>
    const long SeenLagMs = 60_000;

    /// <exception cref="Ranges.BadRequestException">There is no such entity, or one has more series than a page can describe.</exception>
    public async Task<SamplePage> ReadAsync(SampleRequest request, SampleCursor? after, CancellationToken cancellationToken)
    {
        await entities.RequireAsync(request.Filter.Entity, cancellationToken);
        var match = await search.MatchAsync(request.Filter, cancellationToken);
        var page = new PageInProgress(MostBytes, request.MostRows);
        var (from, inclusive) = (after?.Entity ?? "", true);
        for (var seen = 0; seen < MostEntities; seen += Batch)
        {
            var uses = await search.ListAsync(request.Filter.Entity, match, from, inclusive, (request.From - SeenLagMs, request.To), Batch, cancellationToken);
            foreach (var use in uses)
            {
                var at = after is { } cursor && cursor.Entity == use.Name ? cursor.T : request.From;
                if (await FillAsync(page, request, use, at, cancellationToken) is { } next)
                    return page.End(new SampleCursor(next, use.Name));
            }
            if (uses.Count < Batch)
                return page.End(null);
            (from, inclusive) = (uses[^1].Name, false);
        }
        return page.End(new SampleCursor(request.To, from));
    }

    /// <summary>Reads on in one entity; null when it is done, else the time to go on from.</summary>
    async Task<long?> FillAsync(PageInProgress page, SampleRequest request, EntityUse use, long at, CancellationToken cancellationToken)
    {
        var columns = new SampleColumns();
        foreach (var schema in use.Schemas)
            columns.Add(schema with { Last = schema.Last + SeenLagMs }, await search.ColumnsAsync(schema, cancellationToken));
        // Nothing lies outside of when the entity was seen, but the bucket that it was first seen in begins before.
        var first = Math.Max(request.From, Level.Hour.Floor(columns.Sources.Min(source => source.Use.First)));
        var end = Math.Min(request.To, columns.Sources.Max(source => source.Use.Last) + 1);
        at = Math.Max(at, first);
        while (at < end)
        {
            var rows = page.RoomFor(use.Name, columns, request.StepMs > 0);
            if (rows == 0 || page.Chunks == MostChunks)
                return at;
            page.Chunks++;
            var (set, next) = request.StepMs == 0
                ? await chunks.ReadRawAsync(use, columns, at, end, rows, cancellationToken)
                : await chunks.ReadStepsAsync(use, columns, request, (first, at, end), rows, cancellationToken);
            page.Add(set);
            at = next;
        }
        return null;
    }
}
