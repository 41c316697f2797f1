using DevSidecar.DurableLog;
using DevSidecar.PubSub;
using Microsoft.Extensions.Logging.Abstractions;

namespace DevSidecar.Tests;

/// <summary>Members here leave everything for later, so that what waits stays known.</summary>
public sealed class ConsumerLagTests : IAsyncDisposable
{
    readonly Folder _folder = new();
    readonly EmbeddedLog _log;
    readonly ConsumerGroups _groups;

    public ConsumerLagTests()
    {
        _log = _folder.Open();
        _groups = new(_log, TimeProvider.System, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Replicas_answer_for_each_partition_once()
    {
        await using var first = Join("1");
        await using var second = Join("2");
        await AppendAsync(0, 0, 0, 1, 3);
        Lags("1").ShouldBe([("g", "t", 0, 3), ("g", "t", 1, 1)]);
        Lags("2").ShouldBe([("g", "t", 2, 0), ("g", "t", 3, 1)]);
        Lags("3").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_waits_for_an_app_that_is_away_is_still_told_and_grows()
    {
        var (first, second) = (Join("1"), Join("2"));
        await first.DisposeAsync();
        await second.DisposeAsync();
        await AppendAsync(0, 3);
        await AppendAsync(3);
        Lags("1").Sum(l => l.Records).ShouldBe(3);
        Lags("2").ShouldBeEmpty("another replica tells it");
        _groups.Forget("1");
        Lags("1").ShouldBeEmpty();
        Lags("2").ShouldBe([("g", "t", 0, 1), ("g", "t", 1, 0), ("g", "t", 2, 0), ("g", "t", 3, 2)], "the replica that is left tells it");
    }

    [Fact]
    public async Task Groups_and_topics_are_told_apart_and_a_replicas_own_group_ends_with_it()
    {
        await using var member = Join("1");
        await using var other = Join("1", topic: "u");
        await using var own = Join("1", group: "broadcast-1", transient: true);
        await AppendAsync(2);
        Lags("1").Where(l => l.Records > 0).ShouldBe([("g", "t", 2, 1), ("broadcast-1", "t", 2, 1)], ignoreOrder: true);
        Lags("1").Count().ShouldBe(12);
        _groups.Forget("1");
        _groups.All.Select(g => g.Name).ShouldBe(["g", "g"]);
    }

    [Fact]
    public async Task What_is_done_no_longer_waits()
    {
        await using var member = Join("1", deliver: (_, records, _) => Task.FromResult<IReadOnlyList<bool>>([.. records.Select(_ => true)]));
        await AppendAsync(0, 1, 1);
        await Eventually.TrueAsync(() => Lags("1").All(l => l.Records == 0), "nothing waits");
        Lags("1").Count().ShouldBe(4);
    }

    [Fact]
    public void The_page_has_the_name_and_the_labels_of_Kafkas_exporter()
    {
        using var telemetry = new Telemetry("app");
        telemetry.ObserveLags(() => [new("g", "t", 3, 42), new("g", "t", 11, 0)]);
        var page = telemetry.Exposition();
        page.ShouldContain("# TYPE kafka_consumergroup_lag gauge\n");
        page.ShouldContain("""kafka_consumergroup_lag{app_id="app",consumergroup="g",partition="3",topic="t"} 42""" + "\n");
        page.ShouldContain("""kafka_consumergroup_lag{app_id="app",consumergroup="g",partition="11",topic="t"} 0""" + "\n");
    }

    IEnumerable<(string Group, string Topic, int Partition, long Records)> Lags(string replica) =>
        _groups.LagsOf(replica).Select(l => (l.Group, l.Topic, l.Partition, l.Records));

    Task AppendAsync(params int[] partitions) => _log.AppendAsync(_log.Topic("t"), [.. partitions.Select(p => Records.Of(p, "x"))]);

    GroupMember Join(string replica, string group = "g", string topic = "t", bool transient = false, Deliver? deliver = null) => _groups.Join(
        group, _log.Topic(topic), newest: false, transient, replica,
        new(new(false, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), -1), Bulk: true, 100, TimeSpan.Zero),
        deliver ?? (static async (_, _, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return [];
        }));
}
