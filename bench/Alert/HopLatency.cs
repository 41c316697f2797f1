using System.Globalization;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Bench.Alert;

/// <summary>From a detection on the topic to the webhook, one after another; beside Alertmanager from its API to the same webhook.</summary>
sealed record HopLatency(int Count, double P50Ms, double P99Ms, PeerLatency? Peer)
{
    const int Rounds = 200;
    const int WarmUp = 20;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<HopLatency> MeasureAsync(Platform platform, HookServer hooks)
    {
        using var door = await DetectionDoor.OpenAsync(platform);
        await using var peer = await AlertmanagerPeer.TryStartAsync(hooks.Url);
        var (own, theirs) = (new List<double>(), new List<double>());
        // They take turns, so that a machine whose speed drifts disturbs both alike.
        for (var round = 0; round < Rounds + WarmUp; round++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"hop-{round}");
            var took = await TimeAsync(hooks, $"\"{name}\"", () => door.PublishAsync([Detections.Of(name, TimeProvider.System.GetUtcNow())]));
            if (round >= WarmUp)
                own.Add(took);
            if (peer is null)
                continue;
            took = await TimeAsync(hooks, $"\"peer-{round}\"", () => peer.PostAsync($"peer-{round}"));
            if (round >= WarmUp)
                theirs.Add(took);
        }
        own.Sort();
        theirs.Sort();
        return new HopLatency(
            own.Count, Quantiles.Of(own, 0.5), Quantiles.Of(own, 0.99),
            peer is null ? null : new PeerLatency(peer.Version, theirs.Count, Quantiles.Of(theirs, 0.5), Quantiles.Of(theirs, 0.99)));
    }

    static async Task<double> TimeAsync(HookServer hooks, string mark, Func<Task> send)
    {
        var arrived = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        hooks.Answer = (hook, _) =>
        {
            if (hook.Body.Contains(mark, StringComparison.Ordinal))
                arrived.TrySetResult(hook.At);
            return Task.CompletedTask;
        };
        var start = TimeProvider.System.GetUtcNow();
        await send();
        return (await arrived.Task.WaitAsync(Patience) - start).TotalMilliseconds;
    }
}

sealed record PeerLatency(string Version, int Count, double P50Ms, double P99Ms);

static class Detections
{
    public static Contracts.Detection Of(string entity, DateTimeOffset at, int tick = 0)
    {
        var t = at.ToUnixTimeMilliseconds() + tick;
        return new Contracts.Detection
        {
            Id = Contracts.Detection.IdOf(entity, DetectionKind.Joint, "behaviour", 1000, t),
            Entity = entity,
            Kind = DetectionKind.Joint,
            Cause = "behaviour",
            T = t,
            Since = at.ToUnixTimeMilliseconds(),
            CadenceMs = 1000,
            Score = 0.9,
            P = 1e-5,
            Summary = $"{entity} is slow",
            Contributors =
            [
                new Contributor { Series = "5e71e5", Name = "http.server.request.duration.p99", Unit = "s", Value = 0.9, Expected = 0.1, Low = 0.05, High = 0.2, Z = 12 },
            ],
            Stamps = new Stamps { Received = at.ToUnixTimeMilliseconds(), Detected = at.ToUnixTimeMilliseconds() },
        };
    }
}
