using System.Collections.Concurrent;
using System.Globalization;
using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Forewarn.Testing;

namespace Forewarn.Trainer.Tests;

/// <summary>A <c>history</c> app that holds one second-by-second entity and pages as the real one does.</summary>
sealed class FakeHistory(int ticks, int pageRows = 250)
{
    public const string Entity = "web 1";

    internal static readonly SeriesSchema Schema = SeriesSchema.Of(
        [.. Enumerable.Range(0, 6).Select(i => SeriesColumn.Of($"app.metric{i}", i % 2 == 0 ? "1" : "By/s"))]);

    readonly long _start = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000 * 1000) - (ticks * 1000L);

    public ConcurrentBag<long> ReadFrom { get; } = [];

    public ConcurrentBag<IncidentEvent> Incidents { get; } = [];

    /// <summary>While set, answers to <c>/v1/raw</c> wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Somebody has come to the gate.</summary>
    public bool IsWaitedFor { get; private set; }

    public bool Broken { get; set; }

    /// <summary>Ticks from and to which everything is far above its ordinary level.</summary>
    public (int From, int To) Fault { get; set; }

    public Task<SidecarApp> StartAsync(SidecarRig platform) => platform.AddAsync(Apps.History, _ => { }, Map);

    public long At(int tick) => _start + (tick * 1000L);

    void Map(WebApplication app)
    {
        app.MapGet("/v1/entities", (string? cursor) => Broken
            ? Results.Problem("no database", statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Ok(cursor is null
                ? new Page<EntityInfo>([Info("gone", 0, 1000)], "2")
                : new Page<EntityInfo>([Info(Entity, At(0), At(ticks - 1))])));
        app.MapGet("/v1/incidents", (string? status) => Results.Ok(new Page<IncidentEvent>(
            [.. Incidents.Where(incident => status is null || incident.Status != IncidentStatus.Resolved)])));
        app.MapGet("/v1/incidents/{id}", (string id) =>
            Incidents.FirstOrDefault(incident => incident.Id == id) is { } found ? Results.Ok(found) : Results.NotFound());
        app.MapGet("/v1/raw", RawAsync);
    }

    async Task<IResult> RawAsync(HttpContext context, string entity, long from, long to, int limit)
    {
        if (Gate is { } gate)
        {
            IsWaitedFor = true;
            await gate.Task.WaitAsync(context.RequestAborted);
        }
        entity.ShouldBe(Entity);
        ReadFrom.Add(from);
        await context.RequestServices.GetRequiredService<SchemaRegistry>().PublishAsync(Schema, context.RequestAborted);
        var rows = new List<MetricRow>();
        var tick = (int)Math.Max(0, (from - _start + 999) / 1000);
        for (; tick < ticks && At(tick) < to && rows.Count < Math.Min(limit, pageRows); tick++)
            rows.Add(new MetricRow(At(tick), Values(tick, tick >= Fault.From && tick < Fault.To)));
        var more = tick < ticks && At(tick) < to;
        return Results.Ok(new RawRows { Entity = entity, Sets = [new RawRowSet(Schema.Hash, rows)], Next = more ? At(tick) : null });
    }

    internal static double[] Values(int tick, bool isFaulty = false)
    {
        var random = new SeededRandom(tick);
        var values = Schema.Columns.Select(column => column.Unit == "1" ? random.Between(0.1, 0.3) : Math.Exp(10 + random.NextGaussian()));
        return [.. isFaulty ? values.Select((value, i) => i % 2 == 0 ? 0.9 + (value / 100) : value * 1e6) : values];
    }

    static EntityInfo Info(string entity, long first, long last) => new() { Entity = entity, Series = Schema.Columns.Count, FirstSeen = first, LastSeen = last };

    public static IncidentEvent Incident(long from, long? to) => new()
    {
        Id = from.ToString(CultureInfo.InvariantCulture),
        Revision = 1,
        Fingerprint = "f",
        Entity = Entity,
        Kind = DetectionKind.Joint,
        Status = to is null ? IncidentStatus.Open : IncidentStatus.Resolved,
        Severity = IncidentSeverity.Warning,
        Summary = "strange",
        StartedAt = from,
        OpenedAt = from,
        UpdatedAt = from,
        ResolvedAt = to,
        Count = 1,
    };
}
