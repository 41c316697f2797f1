using Forewarn.Alerting.Notifications;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using Forewarn.Testing;

namespace Forewarn.Alerting.Tests;

/// <summary>What real servers get to see of an incident's life.</summary>
public sealed class ChannelTests : IAsyncLifetime
{
    DeliveryRig _rig = null!;

    public async ValueTask InitializeAsync() => _rig = await DeliveryRig.StartAsync();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task Mails_of_an_incident_share_a_subject_and_go_to_those_configured_and_nobody_else()
    {
        var (with, without) = (_rig.Receiver("with", DeliveryRig.Email("boss@example.org")), _rig.Receiver("without", DeliveryRig.Email()));
        var resolved = Samples.Incident(revision: 9) with { Status = IncidentStatus.Resolved, ResolvedAt = Samples.Start + 90_000, Summary = "something else was worse" };

        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: with));
        await _rig.Reports.UntilAsync("email", DeliveryStatus.Sent);
        await _rig.EnqueueAsync(Samples.Tell(resolved, NotificationKind.Resolved, with));
        await _rig.Reports.UntilAsync("email", DeliveryStatus.Sent, 2);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident("web-2"), receiver: without));
        await _rig.Reports.UntilAsync("email", DeliveryStatus.Sent, 3);

        var mails = _rig.Mail.Mails.ToArray();
        mails.Length.ShouldBe(3);
        mails[0].Message.Subject.ShouldBe(mails[1].Message.Subject);
        mails[0].Message.Subject.ShouldStartWith("[Forewarn] web-1: system.cpu.utilization (user) at 97 %");
        mails[0].Recipients.ShouldBe(["ops@example.org", "lead@example.org", "boss@example.org"], ignoreOrder: true);
        mails[0].Message.Cc.ToString().ShouldBe("boss@example.org");
        mails[0].Message.Headers["X-Priority"].ShouldBe("1");
        mails[2].Recipients.ShouldBe(["ops@example.org", "lead@example.org"], ignoreOrder: true);
        mails[0].Message.HtmlBody!.ShouldContain(Samples.Tell(Samples.Incident(), receiver: with).Id);
        mails[0].Message.HtmlBody!.ShouldContain("https://watch.example.com/act/");
        mails[1].Message.HtmlBody!.ShouldContain("resolved after 1.5&nbsp;min");
        mails[0].Message.BodyParts.Count().ShouldBe(1);
    }

    [Fact]
    public async Task With_a_bot_token_one_message_is_kept_current()
    {
        var receiver = _rig.Receiver("ops", DeliveryRig.Bot);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: receiver));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(revision: 2) with { Summary = "worse" }, NotificationKind.Updated, receiver));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent, 2);

        var calls = _rig.Slack.Requests.ToArray();
        calls.Select(call => call.Path).ShouldBe(["chat.postMessage", "chat.update"]);
        calls.ShouldAllBe(call => call.Headers["Authorization"] == "Bearer xoxb-test");
        calls[0].Json.GetProperty("channel").GetString().ShouldBe("#alerts");
        calls[1].Json.GetProperty("channel").GetString().ShouldBe("C0001");
        calls[1].Json.GetProperty("ts").GetString().ShouldBe("17000.1");
        calls[1].Body.ShouldContain("worse");
    }

    [Fact]
    public async Task A_message_that_somebody_deleted_is_posted_anew()
    {
        var receiver = _rig.Receiver("ops", DeliveryRig.Bot);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: receiver));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent);
        _rig.Slack.Script = request => Task.FromResult(request.Path == "chat.update" ? new Answer(200, """{"ok":false,"error":"message_not_found"}""") : null);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(revision: 2), NotificationKind.Worsened, receiver));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent, 2);

        _rig.Slack.Requests.Select(call => call.Path).ShouldBe(["chat.postMessage", "chat.update", "chat.postMessage"]);
        _rig.Slack.Requests.Last().Json.TryGetProperty("ts", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task An_incoming_webhook_gets_a_message_at_the_opening_and_one_at_the_end()
    {
        var receiver = _rig.Receiver("ops", DeliveryRig.Incoming);
        foreach (var (kind, revision) in new[] { NotificationKind.Opened, NotificationKind.Updated, NotificationKind.Worsened, NotificationKind.Resolved }.Select((kind, i) => (kind, i + 1)))
            await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(revision: revision), kind, receiver));
        await _rig.Reports.UntilAsync("slack", DeliveryStatus.Sent, 2);

        _rig.SlackHook.Requests.Count.ShouldBe(2);
        _rig.SlackHook.Requests.ShouldAllBe(call => call.Path == "services/T/B/x");
        _rig.SlackHook.Requests.Last().Body.ShouldContain("resolved after");
    }

    [Fact]
    public async Task A_webhook_is_signed_so_that_neither_its_body_nor_its_time_can_be_changed()
    {
        var notification = Samples.Tell(Samples.Rich(), receiver: _rig.Receiver("programs", DeliveryRig.Webhook));
        await _rig.EnqueueAsync(notification);
        await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Sent);

        var request = _rig.Hook.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("base/alerts/in");
        request.Headers["X-Forewarn-Notification"].ShouldBe(notification.Id);
        DeliveryRig.IsSigned(request).ShouldBeTrue();
        DeliveryRig.IsSigned(request with { Body = request.Body.Replace("critical", "warning", StringComparison.Ordinal) }).ShouldBeFalse();
        request.Json.GetProperty("notification").GetString().ShouldBe(notification.Id);
    }

    [Fact]
    public async Task A_webhook_in_the_form_of_Alertmanager_is_signed_as_ours_and_keeps_the_name_of_the_alert()
    {
        var receiver = _rig.Receiver("programs", DeliveryRig.Webhook with { Format = WebhookFormat.Alertmanager });
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: receiver));
        await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Sent);
        await _rig.EnqueueAsync(Samples.Tell(
            Samples.Incident(revision: 2) with { Kind = DetectionKind.Level, Status = IncidentStatus.Resolved, ResolvedAt = Samples.Start + 60_000 }, NotificationKind.Resolved, receiver));
        await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Sent, 2);

        var requests = _rig.Hook.Requests.ToArray();
        requests.ShouldAllBe(request => DeliveryRig.IsSigned(request) && request.Json.GetProperty("version").GetString() == "4");
        requests.Select(request => request.Json.GetProperty("status").GetString()).ShouldBe(["firing", "resolved"]);
        requests.Select(request => request.Json.GetProperty("alerts")[0].GetProperty("labels").GetProperty("alertname").GetString()).ShouldBe(["ForewarnJoint", "ForewarnJoint"]);
    }

    [Fact]
    public async Task An_alert_of_which_the_severity_changes_is_another_and_the_former_ends_with_it()
    {
        var receiver = _rig.Receiver("ops", new AlertmanagerTarget(Components.Alertmanager));
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident() with { Severity = IncidentSeverity.Warning }, receiver: receiver));
        await _rig.Reports.UntilAsync("alertmanager", DeliveryStatus.Sent);
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(revision: 2), NotificationKind.Worsened, receiver));
        await _rig.Reports.UntilAsync("alertmanager", DeliveryStatus.Sent, 2);

        var requests = _rig.Hook.Requests.ToArray();
        requests.Select(request => request.Path).ShouldBe(["api/v2/alerts", "api/v2/alerts"]);
        requests[0].Json.GetArrayLength().ShouldBe(1);
        var alerts = requests[1].Json.EnumerateArray().ToList();
        alerts.Select(alert => alert.GetProperty("labels").GetProperty("severity").GetString()).ShouldBe(["warning", "critical"]);
        alerts[0].GetProperty("endsAt").GetDateTimeOffset().ShouldBeLessThan(alerts[1].GetProperty("endsAt").GetDateTimeOffset().AddMinutes(-4));
    }

    [Fact]
    public async Task A_webhook_without_its_secret_says_which_variable_is_missing()
    {
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: _rig.Receiver("programs", new WebhookTarget(Components.Webhook, "", "NOT_SET"))));
        await _rig.Reports.UntilAsync("webhook", DeliveryStatus.Retrying);

        _rig.Reports.Of("webhook").Single().Error!.ShouldContain("NOT_SET");
        _rig.Hook.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Any_binding_gets_the_JSON_with_the_metadata_it_needs()
    {
        var target = new BindingTarget(Components.Webhook, "put", new Dictionary<string, string> { ["path"] = "raw", ["X-Team"] = "ops" });
        await _rig.EnqueueAsync(Samples.Tell(Samples.Incident(), receiver: _rig.Receiver("raw", target)));
        await _rig.Reports.UntilAsync("binding", DeliveryStatus.Sent);

        var request = _rig.Hook.Requests.ShouldHaveSingleItem();
        request.Path.ShouldBe("base/raw");
        request.Headers["X-Team"].ShouldBe("ops");
        request.Json.GetProperty("incident").GetProperty("entity").GetString().ShouldBe("web-1");
    }
}
