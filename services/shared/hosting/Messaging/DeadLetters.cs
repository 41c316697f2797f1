using System.Diagnostics.Metrics;
using Forewarn.Contracts;
using Microsoft.Extensions.Logging;

namespace Forewarn.Hosting;

/// <summary>Puts what no retry can mend on the topic's dead topic, with the reason and the original bytes.</summary>
public sealed class DeadLetters(KeyedPublisher publisher, SidecarEnvironment environment, TimeProvider time, ILogger<DeadLetters> logger)
{
    static readonly Counter<long> _letters = HostingTelemetry.Meter.CreateCounter<long>("forewarn.dead_letters", "{message}", "Messages put on a dead topic, by the topic that they came from");

    /// <summary>Counts from 0 on what may come: a counter that begins with its first letter hides that one from whoever watches its increase.</summary>
    public static void Expect(string topic) => _letters.Add(0, new KeyValuePair<string, object?>("topic", topic));

    public async Task PublishAsync(string topic, string reason, ReadOnlyMemory<byte> original, CancellationToken cancellationToken)
    {
        HostingLog.MessageRefused(logger, topic, reason);
        var letter = new DeadLetter
        {
            Topic = topic,
            App = environment.AppId,
            Reason = reason,
            Original = original.ToArray(),
            At = time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        var id = ContentHash.Of(Convert.ToBase64String(letter.Original));
        await publisher.PublishAsync(
            Components.Telemetry, Topics.Dead(topic), new Outgoing<DeadLetter>(id, id, letter), ContractJson.Default.DeadLetter, cancellationToken);
        _letters.Add(1, new KeyValuePair<string, object?>("topic", topic));
    }
}
