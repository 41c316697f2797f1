using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public sealed class EmbeddedConsumerLagTests : ConsumerLagTests
{
    protected override Task<World> StartAsync(string yaml) => World.StartAsync(yaml);

    [Fact]
    public async Task What_waits_for_an_app_that_is_away_is_told_by_its_sidecar()
    {
        var app = await AppAsync(() => true);
        await using var world = await StartAsync(Yaml);
        var sidecar = await world.AddAsync("app", app);
        var client = world.Client(await world.AddClientAsync());
        await client.PublishEventAsync("ps", Topic, 0);
        await Eventually.TrueAsync(() => app.Requests.Any(r => r.Path == "/t"), "it works before");
        await app.DisposeAsync();
        await Eventually.TrueAsync(() => world.Runtime.Apps.Single(a => a.AppId == "app").State == DevSidecar.AppSidecarState.AppLost, "the app is away");
        await PublishAsync(client, 5);
        await LagBecomesAsync(sidecar, Topic, 5);
    }
}

public sealed class KafkaConsumerLagTests(KafkaFixture kafka) : ConsumerLagTests, IClassFixture<KafkaFixture>
{
    protected override async Task<World> StartAsync(string yaml)
    {
        await kafka.CreateTopicAsync(Topic, 12);
        await kafka.CreateTopicAsync(BindingTopic, 12);
        return await kafka.StartWorldAsync(yaml.Replace("value: \"\"", $"value: \"{kafka.Brokers}\"", StringComparison.Ordinal), Components.OwnGroup());
    }
}

/// <summary>The dev-sidecar alone: daprd leaves lag to an exporter that asks the brokers.</summary>
public abstract partial class ConsumerLagTests
{
    readonly string _run = $"{Guid.NewGuid():N}";

    protected string Topic => "lag-" + _run;

    protected string BindingTopic => "binding-" + _run;

    /// <summary>An app's subscription and its input binding; brokers of the binding are empty.</summary>
    protected string Yaml => World.Standard + "\n---\n" + Components.Component(
        "records", "bindings.kafka/v1",
        [
            ("brokers", ""), ("authType", "none"), ("topics", BindingTopic), ("publishTopic", BindingTopic), ("consumerGroup", "readers-" + _run),
            ("initialOffset", "oldest"), ("direction", "input, output"), ("route", "/b"), ("consumeRetryEnabled", "true"), ("backOffDuration", "50ms"),
            .. Components.QuickGroup,
        ]);

    protected abstract Task<World> StartAsync(string yaml);

    [Fact]
    public async Task What_subscriptions_and_bindings_have_before_them_is_on_the_page_until_it_is_done()
    {
        var open = false;
        await using var app = await AppAsync(() => Volatile.Read(ref open));
        await using var world = await StartAsync(Yaml);
        var sidecar = await world.AddAsync("app", app);
        var client = world.Client(sidecar);
        await PublishAsync(client, 7);
        for (var i = 0; i < 3; i++)
        {
            await client.InvokeBindingAsync("records", "create", i);
        }

        await LagBecomesAsync(sidecar, Topic, 7);
        await LagBecomesAsync(sidecar, BindingTopic, 3);
        (await SeriesAsync(sidecar, BindingTopic)).ShouldAllBe(s => s.Group == "readers-" + _run);
        Volatile.Write(ref open, true);
        await LagBecomesAsync(sidecar, Topic, 0);
        await LagBecomesAsync(sidecar, BindingTopic, 0);
        (await SeriesAsync(sidecar, Topic)).Select(s => s.Partition).Order().ShouldBe(Enumerable.Range(0, 12));
    }

    protected Task<ProbeApp> AppAsync(Func<bool> takes) => ProbeApp.StartAsync((p, a) =>
    {
        a.MapGet("/dapr/subscribe", () => Results.Text($$"""[{"pubsubname":"ps","topic":"{{Topic}}","route":"/t"}]""", "application/json"));
        a.MapPost("/{path:regex(^[tb]$)}", async (HttpContext c) => await p.RecordAsync(c) is not null && takes() ? Results.Ok() : Results.StatusCode(500));
    });

    protected async Task PublishAsync(Dapr.Client.DaprClient client, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await client.PublishEventAsync("ps", Topic, i);
        }
    }

    protected static Task LagBecomesAsync(ISidecar sidecar, string topic, long records)
    {
        long? last = null;
        return Eventually.TrueAsync(
            async () =>
            {
                var series = await SeriesAsync(sidecar, topic);
                last = series.Count > 0 ? series.Sum(s => s.Lag) : null;
                return last == records;
            },
            () => $"the lag of {topic} becomes {records}; it is {last}");
    }

    static async Task<IReadOnlyList<(string Group, int Partition, long Lag)>> SeriesAsync(ISidecar sidecar, string topic) =>
    [
        .. from line in (await MetricsPage.ReadAsync(sidecar)).Split('\n')
           let series = Series().Match(line)
           where series.Success && series.Groups["topic"].Value == topic
           select (series.Groups["group"].Value, int.Parse(series.Groups["partition"].ValueSpan, null), long.Parse(series.Groups["lag"].ValueSpan, null)),
    ];

    [GeneratedRegex("""^kafka_consumergroup_lag\{app_id="[^"]+",consumergroup="(?<group>[^"]+)",partition="(?<partition>\d+)",topic="(?<topic>[^"]+)"\} (?<lag>\d+)$""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Series();
}
