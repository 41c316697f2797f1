using System.Diagnostics;
using System.Text.Json;

namespace Forewarn.Compliance;

/// <summary>A record as a client beside Dapr sees it.</summary>
public sealed record PlainRecord(int Partition, string? Key, IReadOnlyDictionary<string, string> Headers, string Value);

/// <summary>A client of the brokers that knows nothing of Dapr, in a process of its own.</summary>
public sealed class PlainKafka : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    readonly Process _process;

    PlainKafka(params string[] command) => _process = Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    /// <summary>Confluent.Kafka, as a .NET program would use it.</summary>
    public static PlainKafka Confluent(string brokers) => new([.. Programs.Command("Forewarn.KafkaClient"), brokers]);

    /// <summary>kafkajs, which shares no code with librdkafka. Skips the test where Node or its package is not installed.</summary>
    public static PlainKafka KafkaJs(string brokers)
    {
        var script = Path.Combine(Programs.Root ?? "", "tests", "Compliance", "kafkajs", "client.mjs");
        var installed = Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules", "kafkajs"));
        Assert.SkipUnless(installed && Programs.IsOnPath("node"), "kafkajs is not installed: run npm ci in tests/Compliance/kafkajs of a checkout, with Node");
        return new("node", script, brokers);
    }

    public Task ProduceAsync(string topic, string value, string? key = null, params (string Name, string Value)[] headers) =>
        AskAsync(new { Do = "produce", topic, key, value, headers = headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.Ordinal) });

    /// <summary>The first <paramref name="count"/> records of a topic.</summary>
    public async Task<IReadOnlyList<PlainRecord>> ReadAsync(string topic, int count) =>
        (await AskAsync(new { Do = "read", topic, count })).GetProperty("records").Deserialize<List<PlainRecord>>(JsonSerializerOptions.Web)!;

    /// <summary>How many records of the topic a group has committed, over all partitions.</summary>
    public async Task<long> CommittedAsync(string topic, string group) =>
        (await AskAsync(new { Do = "committed", topic, group })).GetProperty("committed").GetInt64();

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    async Task<JsonElement> AskAsync(object request)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(request, JsonSerializerOptions.Web));
        var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new ShouldAssertException("the plain client ended");
        var answer = JsonDocument.Parse(line).RootElement;
        answer.TryGetProperty("error", out var error).ShouldBeFalse($"{error}");
        return answer;
    }
}
