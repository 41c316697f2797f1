using System.Collections.Concurrent;
using Forewarn.Alerting.Notifications;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

/// <summary>The trend comes from history, if that is quick; the message does not wait for it.</summary>
public sealed class TrendTests : IAsyncLifetime
{
    AlertingRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await AlertingRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task History_is_asked_for_the_last_ten_minutes_of_the_main_series_by_mail_and_Slack_only()
    {
        var asked = new ConcurrentQueue<string>();
        await _rig.AddHistoryAsync(request =>
        {
            asked.Enqueue($"{request.Query["entity"]} {request.Query["series"]} {long.Parse(request.Query["to"]!, null) - long.Parse(request.Query["from"]!, null)}");
            return Task.FromResult(new RangeResult
            {
                Entity = "web-1",
                StepMs = 10_000,
                T = [.. Enumerable.Range(0, 60).Select(i => i * 10_000L)],
                Series = [new RangeSeries { Id = "0", Name = "system.cpu.utilization", Unit = "1", Labels = new Dictionary<string, string>(), Mean = [.. Enumerable.Range(0, 60).Select(i => i / 60.0)] }],
            });
        });
        var receiver = _rig.Receiver("ops", AlertingRig.Email(), AlertingRig.Incoming, AlertingRig.Webhook);

        // The budget is one of real time, and the first call of a process may take longer: asked until a mail has it.
        for (var i = 0; i < 20 && !_rig.Mail.Mails.Any(HasTrend); i++)
        {
            await _rig.EnqueueAsync(Samples.Tell(Samples.Incident($"web-{i}"), receiver: receiver));
            await _rig.Reports.UntilAsync("email", DeliveryStatus.Sent, i + 1);
            await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Sent, i + 1);
            await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent, i + 1);
        }

        _rig.Mail.Mails.ShouldContain(mail => HasTrend(mail));
        asked.ShouldContain($"web-0 {ContentHash.Of("system.cpu.utilization")} 600000");
        asked.GroupBy(one => one).ShouldAllBe(same => same.Count() <= 2, "neither the webhook nor the console asks");
    }

    [Fact]
    public async Task A_history_that_hangs_costs_the_trend_and_not_the_alert()
    {
        await _rig.AddHistoryAsync(_ => new TaskCompletionSource<RangeResult>().Task);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: _rig.Receiver("ops", AlertingRig.Email())));
        await _rig.Reports.UntilAsync("email", DeliveryStatus.Sent);

        _rig.Mail.Mails.ShouldHaveSingleItem().Message.HtmlBody!.ShouldNotContain("over the last");
    }

    static bool HasTrend((string[] Recipients, MimeKit.MimeMessage Message) mail) => mail.Message.HtmlBody!.Contains("over the last 10&nbsp;min", StringComparison.Ordinal);
}
