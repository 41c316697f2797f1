using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Forewarn.Launcher.Commands.Alerts;

/// <summary><c>alerts routes</c>, <c>test</c>, <c>dry-run</c>, <c>budgets</c>, <c>lead-time</c>.</summary>
static class RoutingCommands
{
    const long DayMs = 86_400_000L;

    /// <summary>A channel that works takes a message within seconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public static IEnumerable<Command> Create(AlertRunner runner)
    {
        var routes = new Command("routes", "Show who is told of what, and what is wrong with the file that says so.");
        runner.Run(routes, (_, desk, token) => RoutesAsync(desk, token));
        yield return routes;

        var route = new Option<string?>("--route") { Description = "All receivers of this route.", HelpName = "NAME" };
        var receiver = new Option<string?>("--receiver") { Description = "This receiver alone.", HelpName = "NAME" };
        var test = new Command("test", "Send a notification that says that it is a test.") { route, receiver };
        runner.Run(test, (parsed, desk, token) => TestAsync(desk, parsed.GetValue(route), parsed.GetValue(receiver), Patience, token));
        yield return test;

        var config = new Option<string?>("--config") { Description = "A configuration file that does not hold yet. Default: what holds.", HelpName = "FILE" };
        var days = Days();
        var dryRun = new Command("dry-run", "Show what would have been sent for the incidents of the last days. Nothing is sent.") { config, days };
        runner.Run(dryRun, (parsed, desk, token) => DryRunAsync(desk, parsed.GetValue(config), parsed.GetValue(days), token));
        yield return dryRun;

        var budgets = new Command("budgets", "Show false-alarm budgets and how they were used in the last seven days.");
        runner.Run(budgets, (_, desk, token) => BudgetsAsync(desk, token));
        yield return budgets;

        var span = Days();
        var leadTime = new Command("lead-time", "Show how predictions fared: precision, seconds earned, calibration.") { span };
        runner.Run(leadTime, (parsed, desk, token) => LeadTimeAsync(desk, parsed.GetValue(span), token));
        yield return leadTime;
    }

    internal static async Task<int> RoutesAsync(AlertDesk desk, CancellationToken cancellationToken)
    {
        var config = await desk.GetAsync("api/alerts/config", cancellationToken);
        return desk.Show(config, () =>
        {
            desk.Terminal.Plain($"  from {config.Text("file") ?? "nowhere: ALERTING__CONFIGFILE names no file"}, since {config.Time("loadedAt")}");
            var table = AlertDesk.NewTable("route", "what", "hours", "receivers", "then", "limit");
            foreach (var route in config.Items("routes"))
            {
                table.AddRow(
                    AlertDesk.Cell(route.Text("name") + (route.Flag("continue") ? ", continues" : "")), AlertDesk.Cell(MatchOptions.Describe(route.Part("match"))),
                    AlertDesk.Cell(route.Text("hours") ?? "always"), AlertDesk.Cell(string.Join(", ", route.Texts("receivers"))),
                    AlertDesk.Cell(string.Join("; ", route.Items("escalation").Select(Step))), AlertDesk.Cell(route.Text("limit")));
            }
            desk.Write(table);
            foreach (var receiver in config.Items("receivers"))
                desk.Terminal.Plain($"  {receiver.Text("name")}: {string.Join(", ", receiver.Texts("channels"))}");
            foreach (var warning in config.Texts("warnings"))
                desk.Terminal.Warn(warning);
            if (config.Texts("mistakes") is { Count: > 0 } mistakes)
            {
                desk.Terminal.Bad("The file as it is now cannot be used, and what was read before holds:");
                foreach (var mistake in mistakes)
                    desk.Terminal.Plain($"  {mistake}");
            }
        });
    }

    internal static async Task<int> TestAsync(AlertDesk desk, string? route, string? receiver, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (route is null == receiver is null)
            throw new LauncherException("Name a route or a receiver: `./forewarn alerts test --route NAME`; `./forewarn alerts routes` lists them.", ExitCodes.Usage);
        var test = await desk.PostAsync($"api/alerts/test?{(route is null ? "receiver" : "route")}={Uri.EscapeDataString(route ?? receiver!)}", [], cancellationToken);
        var expected = test.Items("notifications").Sum(sent => sent.Texts("channels").Count);
        for (var left = patience; ; left -= Pause)
        {
            test = await desk.GetAsync($"api/alerts/tests/{Uri.EscapeDataString(test.Text("incident") ?? "-")}", cancellationToken);
            if (test.Items("deliveries").Count >= expected || left <= TimeSpan.Zero)
                break;
            await Task.Delay(Pause, desk.Time, cancellationToken);
        }
        desk.Show(test, () => WriteTest(desk, test));
        return test.Items("deliveries").Count(delivery => delivery.Text("status") == "sent") >= expected ? ExitCodes.Success : ExitCodes.Failed;
    }

    static void WriteTest(AlertDesk desk, ModelView test)
    {
        var deliveries = test.Items("deliveries").ToDictionary(delivery => (delivery.Text("receiver"), delivery.Text("channel")));
        foreach (var sent in test.Items("notifications"))
        {
            foreach (var channel in sent.Texts("channels"))
            {
                var who = $"{sent.Text("receiver")} by {channel}";
                if (!deliveries.TryGetValue((sent.Text("receiver"), channel), out var delivery))
                    desk.Terminal.Warn($"{who}: it has not left yet; look for {sent.Text("notification")}.");
                else if (delivery.Text("status") == "sent")
                    desk.Terminal.Good($"{who}: taken; look for {sent.Text("notification")}.");
                else
                    desk.Terminal.Bad($"{who}: {delivery.Text("status")}: {delivery.Text("error")}");
            }
        }
    }

    internal static async Task<int> DryRunAsync(AlertDesk desk, string? file, int days, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["from"] = desk.Now - (days * DayMs), ["to"] = desk.Now };
        if (file is not null)
            body["config"] = await ReadAsync(file, cancellationToken);
        var result = await desk.PostAsync("api/alerts/dry-run", body, cancellationToken);
        return desk.Show(result, () =>
        {
            desk.Terminal.Plain($"  {result.Text("summary")}");
            desk.Terminal.Plain(
                $"  of {result.Number("incidents")} incidents in {days.ToString(CultureInfo.InvariantCulture)} days {result.Number("told")} told, {result.Number("muted")} muted, {result.Number("heldBack")} held back by limits, {result.Number("unrouted")} without a route");
            var routes = AlertDesk.NewTable("route", "matched", "held back");
            foreach (var route in result.Items("routes"))
                routes.AddRow(AlertDesk.Cell(route.Text("name")), route.Number("matched"), route.Number("heldBack"));
            desk.Write(routes);
            var receivers = AlertDesk.NewTable("receiver", "at once", "escalated");
            foreach (var receiver in result.Items("receivers"))
                receivers.AddRow(AlertDesk.Cell(receiver.Text("name")), receiver.Number("notifications"), receiver.Number("escalations"));
            desk.Write(receivers);
        });
    }

    internal static async Task<int> BudgetsAsync(AlertDesk desk, CancellationToken cancellationToken)
    {
        var page = await desk.GetAsync("api/budgets", cancellationToken);
        return desk.Show(page, () =>
        {
            if (page.Items("items") is not { Count: > 0 } budgets)
            {
                desk.Terminal.Plain("There are no budgets in the routing; every host may use PREDICTOR__FALSEALARMSPERWEEK.");
                return;
            }
            var table = AlertDesk.NewTable("budget", "what", "a week", "entities", "each", "told in 7 days", "false alarms", "useful");
            foreach (var budget in budgets)
            {
                table.AddRow(
                    AlertDesk.Cell(budget.Text("name")), AlertDesk.Cell(MatchOptions.Describe(budget.Part("match"))), budget.Number("perWeek", "0.##"), budget.Number("entities"),
                    budget.Number("perEntity", "0.####"), budget.Number("told"), budget.Number("falseAlarms"), budget.Number("useful"));
            }
            desk.Write(table);
        });
    }

    internal static async Task<int> LeadTimeAsync(AlertDesk desk, int days, CancellationToken cancellationToken)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"api/lead-times/summary?from={desk.Now - (days * DayMs)}&to={desk.Now}");
        var summary = await desk.GetAsync(path, cancellationToken);
        return desk.Show(summary, () =>
        {
            desk.Terminal.Plain(
                $"  predictions     {summary.Number("confirmed")} came true, {summary.Number("averted")} averted, {summary.Number("expired")} wrong, {summary.Number("pending")} still ahead");
            desk.Terminal.Plain($"  precision       {summary.Number("precision", "P0")}");
            desk.Terminal.Plain($"  seconds earned  {summary.Number("secondsEarned")}, {summary.Number("medianLeadSeconds")} in the median");
            desk.Terminal.Plain($"  within the time said (80 % interval)  {summary.Number("withinInterval", "P0")}");
            if (summary.Items("calibration").Where(bin => bin.Number("count") is not ("0" or "-")).ToList() is not { Count: > 0 } bins)
                return;
            var table = AlertDesk.NewTable("probability said", "predictions", "said in the mean", "happened");
            foreach (var bin in bins)
                table.AddRow($"{bin.Number("low", "P0")} to {bin.Number("high", "P0")}", bin.Number("count"), bin.Number("said", "P0"), bin.Number("happened", "P0"));
            desk.Write(table);
        });
    }

    static string Step(ModelView step) => $"after {TimeSpan.FromSeconds(step.Whole("afterSeconds")).TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} min {string.Join(", ", step.Texts("receivers"))}";

    static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new LauncherException($"{file} cannot be read: {unreadable.Message}", ExitCodes.Failed, unreadable);
        }
    }

    static Option<int> Days()
    {
        var days = new Option<int>("--days") { Description = "How far back, 1 to 400. Default: 7.", HelpName = "N", DefaultValueFactory = static _ => 7 };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 400)
                result.AddError("--days must be 1 to 400.");
        });
        return days;
    }
}
