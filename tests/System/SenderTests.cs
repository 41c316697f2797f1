using Forewarn.Contracts;

namespace Forewarn.SystemTests;

/// <summary>The simulator's other two ways in, on a platform whose topics are Kafka's.</summary>
[Collection("2 faults")]
public sealed class SenderTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_comes_by_OTLP_and_by_Kafka_is_watched_as_what_is_posted()
    {
        await using var broker = await MockBroker.StartAsync();
        foreach (var topic in KafkaTopics())
            await broker.CreateTopicAsync(topic, 4);
        await using var platform = await Platform.StartAsync(environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["KAFKA_BROKERS"] = broker.Address });
        output.WriteLine($"ready after {platform.StartUp.TotalSeconds:0.0} s");

        Cli[] runs = [Simulate("sent-by-kafka", "--kafka", broker.Address), Simulate("sent-by-otlp", "--otlp", platform.Otlp().ToString())];
        foreach (var run in runs)
        {
            await run.WaitAsync(TimeSpan.FromMinutes(5));
            run.ExitCode.ShouldBe(0, run.Output);
            await run.DisposeAsync();
        }
        foreach (var entity in new[] { "sent-by-kafka", "sent-by-otlp" })
        {
            await Eventually.Async($"a fault of {entity} is told", TimeSpan.FromSeconds(60),
                async () => (await platform.IncidentsAsync(entity)).Count > 0, platform.Logs);
            var incident = (await platform.IncidentsAsync(entity))[0];
            output.WriteLine($"{entity}: {incident.Severity} {incident.Kind}: {incident.Summary}");
            incident.Contributors.Count.ShouldBeGreaterThan(0);
        }
    }

    /// <summary>With the dead ones, as an operator makes them.</summary>
    static IEnumerable<string> KafkaTopics()
    {
        string[] topics =
        [
            Topics.MetricsExternal, Topics.MetricsRaw, Topics.MetricsFeatures, Topics.Predictions, Topics.Detections, Topics.Incidents,
            Topics.Models, Topics.Jobs, Topics.Control, Topics.Feedback,
        ];
        return topics.SelectMany(topic => new[] { topic, Topics.Dead(topic) });
    }

    static Cli Simulate(string entity, string door, string address) => Cli.Start(
    [
        "simulate", "--fault", "latency-spike", "--entity", entity, door, address,
        "--history", "10m", "--after", "20s", "--for", "45s", "--cooldown", "10s", "--seed", "7",
    ]);
}
