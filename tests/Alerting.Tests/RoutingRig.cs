using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Serialization.Metadata;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Forewarn.Alerting.Tests;

/// <summary>The whole service on the embedded sidecar, beside a history and a trainer that answer what a test gives them.</summary>
sealed class RoutingRig : IAsyncDisposable
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    readonly SidecarRig _platform;

    RoutingRig(SidecarRig platform) => _platform = platform;

    public SidecarApp Alerting { get; private set; } = null!;

    public ConcurrentQueue<Notification> Outbox { get; } = new();
    public ConcurrentBag<IncidentEvent> Incidents { get; } = [];
    public ConcurrentBag<FeedbackEvent> Feedback { get; } = [];
    public ConcurrentBag<string> Entities { get; } = [];

    /// <summary>What the trainer leaves out, by id.</summary>
    public ConcurrentDictionary<string, ExclusionRequest> Exclusions { get; } = new(StringComparer.Ordinal);

    /// <summary>What was announced to all replicas of all services.</summary>
    public ConcurrentQueue<ControlEvent> Announced { get; } = new();

    public bool TrainerIsAway { get; set; }
    public bool HistoryIsAway { get; set; }

    public string ConfigFile => Path.Combine(_platform.Directory, "alerting.yaml");

    /// <param name="config">Content of the configuration file; null = none.</param>
    /// <param name="prepare">Before anything starts.</param>
    /// <param name="hasActors">Actors have a store.</param>
    public static async Task<RoutingRig> StartAsync(string? config = null, Action<RoutingRig>? prepare = null, bool hasActors = true)
    {
        var rig = new RoutingRig(await SidecarRig.StartAsync(
            SidecarRig.Component("actorstore", "state.in-memory", ("actorStateStore", hasActors ? "true" : "false")), SidecarRig.Component("entities", "state.in-memory", ("keyPrefix", "name"))));
        prepare?.Invoke(rig);
        if (config is not null)
            await File.WriteAllTextAsync(rig.ConfigFile, config, TestContext.Current.CancellationToken);
        await rig._platform.AddAsync(Apps.History, _ => { }, rig.MapHistory);
        await rig._platform.AddAsync(Apps.Trainer, _ => { }, rig.MapTrainer);
        rig.Alerting = await rig.AddAlertingAsync();
        return rig;
    }

    /// <summary>Starts a further replica.</summary>
    public Task<SidecarApp> AddAlertingAsync() => _platform.AddAsync(
        Apps.Alerting,
        builder =>
        {
            builder.AddAlerting();
            builder.Services.Replace(ServiceDescriptor.Singleton<INotificationOutbox>(new RecordingOutbox(Outbox)));
        },
        app =>
        {
            app.MapActorsHandlers();
            app.MapSilences();
            app.MapRouting();
            app.MapBudgets();
            app.MapControlSubscription();
        },
        File.Exists(ConfigFile) ? [$"--Alerting:ConfigFile={ConfigFile}"] : []);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type) =>
        (await Alerting.Http.GetFromJsonAsync(path, type, TestContext.Current.CancellationToken))!;

    public Task<HttpResponseMessage> PostAsync<T>(string path, T body, JsonTypeInfo<T> type) => Alerting.Http.PostAsJsonAsync(path, body, type, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    /// <summary>Two to a page, so that pages matter.</summary>
    void MapHistory(WebApplication app)
    {
        app.MapGet("/v1/incidents", (long from, long to, string? cursor) =>
            Paged([.. Incidents.Where(incident => incident.OpenedAt < to && (incident.ResolvedAt ?? long.MaxValue) >= from).OrderByDescending(incident => incident.OpenedAt)], cursor));
        app.MapGet("/v1/entities", (long since, string? cursor) => HistoryIsAway ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Paged(
            [.. Entities.Order(StringComparer.Ordinal).Select(name => new EntityInfo { Entity = name, Series = 1, FirstSeen = 0, LastSeen = 0 })], cursor));
    }

    void MapTrainer(WebApplication app)
    {
        app.MapGet("/v1/feedback", (string? cursor) => Paged([.. Feedback.OrderByDescending(word => word.At)], cursor));
        app.MapPost("/v1/exclusions", (ExclusionRequest request) =>
        {
            if (TrainerIsAway)
                return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
            Exclusions[Exclusion.IdOf(request.Entity, request.From, request.To, request.Kind)] = request;
            return Results.Created();
        });
        app.MapDelete("/v1/exclusions/{id}", (string id) => Exclusions.TryRemove(id, out _) ? Results.Ok() : Results.NotFound());
        Hosting.BulkSubscription.MapBulkSubscription(
            app, Components.Broadcast, Topics.Control, ContractJson.Default.ControlEvent, (events, _) =>
            {
                foreach (var control in events)
                    Announced.Enqueue(control);
                return Task.CompletedTask;
            });
    }

    static IResult Paged<T>(List<T> all, string? cursor)
    {
        var start = cursor is null ? 0 : int.Parse(cursor, CultureInfo.InvariantCulture);
        return Results.Ok(new Page<T>([.. all.Skip(start).Take(2)], start + 2 < all.Count ? (start + 2).ToString(CultureInfo.InvariantCulture) : null));
    }
}

/// <summary>Keeps what it is given, each id once.</summary>
sealed class RecordingOutbox(ConcurrentQueue<Notification> taken) : INotificationOutbox
{
    public Task EnqueueAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken)
    {
        lock (taken)
        {
            foreach (var notification in notifications.Where(notification => notification.Receiver != Rehearsal.Receiver.Name && !taken.Any(other => other.Id == notification.Id)))
                taken.Enqueue(notification);
        }
        return Task.CompletedTask;
    }
}
