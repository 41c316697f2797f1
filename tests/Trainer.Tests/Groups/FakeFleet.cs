using System.Collections.Concurrent;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Trainer.Tests.Groups;

/// <summary>A host of a <see cref="FakeFleet"/>, measured once a second since the fleet began.</summary>
/// <param name="Entity">Its name.</param>
/// <param name="Schema">What it measures.</param>
/// <param name="Ticks">For how long.</param>
sealed record FakeHost(string Entity, SeriesSchema Schema, int Ticks);

/// <summary>A <c>history</c> app that holds several entities and tells which columns each has.</summary>
sealed class FakeFleet(params FakeHost[] hosts)
{
    const int PageRows = 500;

    readonly long _start = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000) - (6 * 3_600_000L);
    readonly ConcurrentDictionary<string, int> _cadencesRead = new(StringComparer.Ordinal);

    public IReadOnlyList<FakeHost> Hosts { get; set; } = hosts;

    /// <summary>Entities are listed so often, and then no more.</summary>
    public int ListsLeft { get; set; } = int.MaxValue;

    /// <summary>Samples of this entity are given to the first reader only, who is the training for every entity.</summary>
    public string? BreaksForGroups { get; set; }

    public ConcurrentBag<IncidentEvent> Incidents { get; } = [];

    public static SeriesSchema Columns(int count, string prefix = "app") =>
        SeriesSchema.Of([.. Enumerable.Range(0, count).Select(i => SeriesColumn.Of($"{prefix}.metric{i}", "1"))]);

    /// <summary>Ordinary behaviour: what all columns share, and noise of each.</summary>
    public static double[] Values(SeriesSchema schema, string entity, int tick)
    {
        var random = new SeededRandom(tick + (1_000_003L * entity.Length));
        var load = Math.Sin(2 * Math.PI * tick / 97) + (0.5 * Math.Sin(2 * Math.PI * tick / 31));
        return [.. schema.Columns.Select((_, i) => (10 * (i + 1)) + (load * (1 + (i % 3))) + (0.2 * random.NextGaussian()))];
    }

    public Task<SidecarApp> StartAsync(SidecarRig platform) => platform.AddAsync(Apps.History, _ => { }, Map);

    public long At(int tick) => _start + (tick * 1000L);

    void Map(WebApplication app)
    {
        app.MapGet("/v1/entities", () => ListsLeft-- <= 0 ? Results.Problem("no database", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Ok(new Page<EntityInfo>([.. Hosts.Select(host => new EntityInfo
        {
            Entity = host.Entity,
            Series = host.Schema.Columns.Count,
            FirstSeen = At(0),
            LastSeen = At(host.Ticks - 1),
            Schemas = [new SchemaInfo(host.Schema.Hash, At(host.Ticks - 1))],
        })])));
        app.MapGet("/v1/incidents", () => Results.Ok(new Page<IncidentEvent>([.. Incidents])));
        app.MapGet("/v1/raw", RawAsync);
    }

    async Task<IResult> RawAsync(HttpContext context, string entity, long from, long to, int limit)
    {
        var host = Hosts.Single(host => host.Entity == entity);
        // Whoever reads an entity asks for the time between its samples first, by a few of them.
        if (limit < 100)
            _cadencesRead.AddOrUpdate(entity, 1, (_, times) => times + 1);
        if (entity == BreaksForGroups && _cadencesRead[entity] > 1)
            return Results.Problem("a broken disk", statusCode: StatusCodes.Status500InternalServerError);
        await context.RequestServices.GetRequiredService<SchemaRegistry>().PublishAsync(host.Schema, context.RequestAborted);
        var first = (int)Math.Max(0, (from - _start + 999) / 1000);
        var end = (int)Math.Min(host.Ticks, Math.Max(0, (to - _start + 999) / 1000));
        var last = Math.Min(end, first + Math.Min(limit, PageRows));
        var rows = Enumerable.Range(first, Math.Max(0, last - first)).Select(tick => new MetricRow(At(tick), Values(host.Schema, entity, tick))).ToList();
        return Results.Ok(new RawRows { Entity = entity, Sets = [new RawRowSet(host.Schema.Hash, rows)], Next = last < end ? At(last) : null });
    }
}
