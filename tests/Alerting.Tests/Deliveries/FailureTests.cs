using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Alerting.Tests;

/// <summary>Channels that are down, slow, busy or broken: nothing is lost, nothing comes twice, and nobody waits for them.</summary>
public sealed class FailureTests : IAsyncLifetime
{
    DeliveryRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await DeliveryRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData(429, 1, "answered 429: slow down")]
    [InlineData(500, null, "answered 500: slow down")]
    public async Task A_webhook_that_is_busy_gets_it_again_and_once(int status, int? retryAfter, string error)
    {
        var failures = 2;
        _rig.Hook.Script = _ => Task.FromResult(Interlocked.Decrement(ref failures) >= 0 ? new Answer(status, "slow down", retryAfter) : null);
        var notification = Samples.Tell(Samples.Incident(), receiver: _rig.Receiver("ops", DeliveryRig.Webhook, DeliveryRig.Email()));
        await _rig.EnqueueAsync(notification);
        await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Sent);

        var reports = _rig.Reports.Of("webhook");
        reports.Select(report => report.Status).ShouldBe([DeliveryStatus.Retrying, DeliveryStatus.Sent]);
        reports[0].Error.ShouldBe(error);
        reports[1].Attempts.ShouldBe(3);
        _rig.Hook.Requests.Select(request => request.Headers["X-Forewarn-Notification"]).ShouldBe([notification.Id, notification.Id, notification.Id]);
        _rig.Mail.Mails.Count.ShouldBe(1, "the mail is not repeated because the webhook was");
    }

    [Fact]
    public async Task A_mail_server_that_refuses_gets_it_again_and_once()
    {
        var failures = 1;
        _rig.Mail.Refuse = () => Task.FromResult(Interlocked.Decrement(ref failures) >= 0 ? "451 greylisted, try again" : null);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: _rig.Receiver("ops", DeliveryRig.Email(), DeliveryRig.Incoming)));
        await _rig.Reports.UntilAsync("email", DeliveryStatus.Sent);
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent);

        _rig.Reports.Of("email")[0].Error!.ShouldContain("greylisted");
        _rig.Mail.Mails.Count.ShouldBe(1);
        _rig.SlackHook.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_that_is_down_gets_everything_in_order_when_it_is_back()
    {
        await _rig.SlackHook.DisposeAsync();
        var receiver = _rig.Receiver("ops", DeliveryRig.Incoming);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: receiver));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Retrying);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(revision: 2), NotificationKind.Updated, receiver));
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(revision: 3) with { Status = IncidentStatus.Resolved, ResolvedAt = Samples.Start + 60_000 }, NotificationKind.Resolved, receiver));
        await _rig.SlackHook.UpAsync();
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent, 2);

        var bodies = _rig.SlackHook.Requests.Select(request => request.Body).ToList();
        bodies.Count.ShouldBe(2);
        bodies[0].ShouldContain("over after 60 s", customMessage: "the opening leaves with the newest snapshot");
        bodies[1].ShouldContain("resolved after 60 s");
    }

    [Fact]
    public async Task A_channel_that_hangs_keeps_nobody_else_waiting()
    {
        const int incidents = 30;
        var gate = new TaskCompletionSource();
        _rig.Hook.Script = async _ =>
        {
            await gate.Task;
            return null;
        };
        var receiver = _rig.Receiver("ops", DeliveryRig.Webhook, DeliveryRig.Incoming);
        for (var i = 0; i < incidents; i++)
            await _rig.EnqueueAsync(Samples.Tell(Samples.Incident($"web-{i}"), receiver: receiver));

        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent, incidents);
        _rig.Reports.Of("webhook").ShouldBeEmpty();
        gate.SetResult();
        await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Sent, incidents);
        _rig.SlackHook.Requests.Count.ShouldBe(incidents);
        _rig.Hook.Requests.Select(request => request.Headers["X-Forewarn-Notification"]).ShouldBeUnique();
    }

    [Theory]
    [InlineData("channel_not_found", true)]
    [InlineData("invalid_auth", true)]
    [InlineData("ratelimited", false)]
    public async Task What_Slack_refuses_in_an_answer_of_200_has_failed(string error, bool isPermanent)
    {
        var refused = 1;
        _rig.Slack.Script = _ => Task.FromResult(Interlocked.Decrement(ref refused) >= 0 ? new Answer(200, $$"""{"ok":false,"error":"{{error}}"}""") : null);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: _rig.Receiver("ops", DeliveryRig.Bot)));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Retrying);

        _rig.Reports.Of("slack")[0].Error.ShouldBe($"Slack refused chat.postMessage: {error}");
        if (isPermanent)
            _rig.Slack.Requests.Count.ShouldBe(1);
        else
            await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent);
    }

    [Fact]
    public async Task A_binding_that_does_not_exist_is_named()
    {
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: _rig.Receiver("ops", new SlackTarget("slcak", null))));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Retrying);

        _rig.Reports.Of("slack")[0].Error!.ShouldContain("slcak");
    }

    [Fact]
    public async Task What_was_enqueued_twice_is_sent_once()
    {
        var notification = Samples.Tell(Samples.Incident(), receiver: _rig.Receiver("ops", DeliveryRig.Incoming));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _rig.EnqueueAsync(notification)));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent);
        await _rig.EnqueueAsync(notification, Samples.Tell(Samples.Incident(revision: 2), NotificationKind.Resolved, "ops"));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent, 2);

        _rig.SlackHook.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_crash_between_acceptance_and_commit_repeats_that_one_with_its_id_and_nothing_else()
    {
        var receiver = _rig.Receiver("ops", DeliveryRig.Webhook, DeliveryRig.Incoming);
        var (opened, resolved) = (Samples.Tell(Samples.Incident(), receiver: receiver), Samples.Tell(Samples.Incident(revision: 2), NotificationKind.Resolved, receiver));
        var accepted = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        _rig.Hook.Script = async _ =>
        {
            // Taken, as far as the server is concerned; the answer never reaches anybody.
            accepted.TrySetResult();
            await never.Task;
            return null;
        };
        await _rig.EnqueueAsync(opened);
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent);
        await accepted.Task;

        var ending = _rig.ReplaceAsync();
        _rig.Hook.Script = _ => Task.FromResult<Answer?>(null);
        await ending;
        never.SetResult();
        await _rig.EnqueueAsync(resolved);
        await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Sent, 2);
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent, 2);

        _rig.Hook.Requests.Select(request => request.Headers["X-Forewarn-Notification"]).ShouldBe([opened.Id, opened.Id, resolved.Id]);
        _rig.SlackHook.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_dead_process_left_behind_leaves_without_anybody_asking()
    {
        var receiver = _rig.Receiver("ops", DeliveryRig.Webhook);
        var never = new TaskCompletionSource();
        var taken = new TaskCompletionSource();
        _rig.Hook.Script = async _ =>
        {
            taken.TrySetResult();
            await never.Task;
            return null;
        };
        var notification = Samples.Tell(Samples.Incident(), receiver: receiver);
        await _rig.EnqueueAsync(notification);
        await taken.Task;
        var ending = _rig.ReplaceAsync();
        _rig.Hook.Script = _ => Task.FromResult<Answer?>(null);
        await ending;
        never.SetResult();

        await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Sent);
        _rig.Hook.Requests.Select(request => request.Headers["X-Forewarn-Notification"]).ShouldBe([notification.Id, notification.Id]);
    }
}
