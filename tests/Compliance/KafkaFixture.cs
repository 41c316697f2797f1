using System.Diagnostics;

namespace Forewarn.Compliance;

/// <summary>Kafka for tests: the brokers of KAFKA_BROKERS, else librdkafka's mock broker in a process of its own.</summary>
public sealed class KafkaFixture : IAsyncLifetime
{
    Process? _host;

    public string Brokers { get; private set; } = "";

    /// <summary>A mock broker can be switched off and accepts any topic name; a real one cannot and does not.</summary>
    public bool IsMock => _host is not null;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("KAFKA_BROKERS") is { Length: > 0 } brokers)
        {
            Brokers = brokers;
            return;
        }

        var command = Programs.Command("Forewarn.MockKafka");
        _host = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Brokers = await _host.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the mock broker ended at its start");
    }

    public Task DownAsync() => TellAsync("down");

    public Task UpAsync() => TellAsync("up");

    /// <summary>Tells clients of a proxy in front of the broker.</summary>
    public Task AdvertiseAsync(int port) => TellAsync($"advertise {port}");

    /// <summary>On a mock broker; elsewhere the sidecar makes its topics itself.</summary>
    public Task CreateTopicAsync(string topic, int partitions) => IsMock ? TellAsync($"topic {topic} {partitions}") : Task.CompletedTask;

    /// <summary>
    /// A world on these brokers, its component with <paramref name="metadata"/> added. Heartbeats are frequent, because with them
    /// members hear of each other; sessions are as short as brokers allow, because the mock broker waits for almost a whole one
    /// whenever a member joins or leaves.
    /// </summary>
    public Task<World> StartWorldAsync(string yaml = World.Standard, params (string Name, string Value)[] metadata) =>
        World.StartAsync(Components.WithKafka(yaml, [.. metadata, .. Components.QuickGroup]), Settings);

    /// <summary>What the components' envRef sees.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["KAFKA_BROKERS"] = Brokers };

    public async ValueTask DisposeAsync()
    {
        if (_host is null)
        {
            return;
        }

        _host.StandardInput.Close();
        await _host.WaitForExitAsync();
        _host.Dispose();
    }

    async Task TellAsync(string command)
    {
        var host = _host ?? throw new InvalidOperationException("only a mock broker takes orders");
        await host.StandardInput.WriteLineAsync(command);
        (await host.StandardOutput.ReadLineAsync()).ShouldBe("ok");
    }
}
