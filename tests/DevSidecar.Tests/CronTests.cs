using System.Threading.Channels;
using DevSidecar.Bindings;
using DevSidecar.Components;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace DevSidecar.Tests;

public sealed class CronTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 30, 20, 500, TimeSpan.Zero);

    [Theory]
    [InlineData("*/15 * * * * *", "2026-03-01T12:30:30Z")]
    [InlineData("0 13 * * *", "2026-03-01T13:00:00Z")]
    [InlineData("@daily", "2026-03-02T00:00:00Z")]
    [InlineData("@hourly", "2026-03-01T13:00:00Z")]
    [InlineData("@every 1h30m", "2026-03-01T14:00:20.5Z")]
    [InlineData("@every 10ms", "2026-03-01T12:30:21.5Z")]
    [InlineData("CRON_TZ=Asia/Tokyo 0 22 * * *", "2026-03-01T13:00:00Z")]
    public void The_next_tick_follows_the_schedule(string schedule, string next) =>
        CronSchedule.Parse(schedule).Next(Now, TimeZoneInfo.Utc).ShouldBe(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("sometimes")]
    [InlineData("* * *")]
    [InlineData("@every soon")]
    [InlineData("CRON_TZ=Nowhere/City 0 * * * *")]
    public void A_wrong_schedule_stops_the_start_and_is_named(string schedule) =>
        Should.Throw<SidecarConfigurationException>(() => Cron(schedule, new())).Message.ShouldContain($"'{schedule}'");

    [Fact]
    public async Task Ticks_come_when_due_until_they_are_deleted()
    {
        var time = new FakeTimeProvider(Now);
        time.SetLocalTimeZone(TimeZoneInfo.Utc);
        var cron = Cron("@every 2s", time);
        var ticks = Channel.CreateUnbounded<BindingEvent>();
        var reader = await cron.ReadAsync(
            (tick, _) => Task.FromResult(ticks.Writer.TryWrite(tick) ? EventOutcome.Taken : EventOutcome.Refused), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        ticks.Reader.TryRead(out _).ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));
        (await ticks.Reader.ReadAsync(TestContext.Current.CancellationToken)).Metadata
            .ShouldBe(new Dictionary<string, string> { ["timeZone"] = "Local", ["readTimeUTC"] = "2026-03-01 12:30:22.5 +0000 UTC" });
        await cron.InvokeAsync(new("delete", default, new Dictionary<string, string>()), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(10));
        await reader.DisposeAsync();
        ticks.Reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stop_waits_for_the_tick_in_hand()
    {
        var time = new FakeTimeProvider(Now);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inHand = new TaskCompletionSource<EventOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        var reader = await Cron("@every 1s", time).ReadAsync(
            (_, _) =>
            {
                begun.SetResult();
                return inHand.Task;
            },
            TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        await begun.Task;
        var stopped = reader.DisposeAsync().AsTask();
        stopped.IsCompleted.ShouldBeFalse();
        inHand.SetResult(EventOutcome.Taken);
        await stopped;
    }

    [Theory]
    [InlineData(null, true, true)]
    [InlineData("input", true, false)]
    [InlineData("Input, output", true, false)]
    [InlineData("output", false, false)]
    public void Direction_says_whether_to_read_and_whether_to_ask(string? direction, bool reads, bool asks)
    {
        var metadata = Metadata("@daily", direction is null ? "" : $"\n  - {{ name: direction, value: \"{direction}\" }}");
        var input = InputBinding.Of(metadata, new CronBinding(metadata, new FakeTimeProvider()));
        (input is not null).ShouldBe(reads);
        (input?.AsksApp ?? false).ShouldBe(asks);
    }

    static CronBinding Cron(string schedule, FakeTimeProvider time) => new(Metadata(schedule), time);

    static ComponentMetadata Metadata(string schedule, string more = "")
    {
        var yaml = $"apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {{ name: tick }}\nspec:\n  type: bindings.cron\n  version: v1\n  metadata:\n  - {{ name: schedule, value: \"{schedule}\" }}{more}\n";
        var component = ResourceLoader.Component(ResourceLoader.Parse("file.yaml", yaml, NullLogger.Instance).Single());
        return new MetadataResolver(new Dictionary<string, string>(), (_, _, _) => null).Resolve(component, null);
    }
}
