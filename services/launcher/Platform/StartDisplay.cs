using Spectre.Console;

namespace Forewarn.Launcher.Platform;

/// <summary>Shows the services becoming ready: a live list in a terminal, one line each elsewhere.</summary>
sealed class StartDisplay(Terminal terminal, TimeProvider time)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(120);

    /// <summary>Returns when all are ready.</summary>
    /// <exception cref="LauncherException">One ended for good while starting, or is not ready in time.</exception>
    public async Task WaitAsync(IReadOnlyList<SupervisedProcess> services, CancellationToken cancellationToken)
    {
        var since = time.GetTimestamp();
        if (terminal.Console.Profile.Capabilities.Interactive && terminal.Console.Profile.Capabilities.Ansi)
            await terminal.HoldWhileAsync(() => DrawAsync(services, since, cancellationToken));
        else
        {
            await foreach (var one in Task.WhenEach(services.Select(service => ReportAsync(service, since, cancellationToken))).WithCancellation(cancellationToken))
                await one;
        }
        if (services.FirstOrDefault(service => service.FirstReady.IsFaulted) is { } failed)
            await failed.FirstReady;
    }

    async Task DrawAsync(IReadOnlyList<SupervisedProcess> services, long since, CancellationToken cancellationToken) =>
        await terminal.Console.Live(Draw(services)).StartAsync(async live =>
        {
            while (!services.All(service => service.FirstReady.IsCompletedSuccessfully) && !services.Any(service => service.FirstReady.IsFaulted))
            {
                cancellationToken.ThrowIfCancellationRequested();
                FailWhenLate(services, since);
                await Task.Delay(Frame, time, cancellationToken);
                live.UpdateTarget(Draw(services));
            }
        });

    static Table Draw(IReadOnlyList<SupervisedProcess> services)
    {
        var table = new Table().NoBorder().HideHeaders().AddColumn("").AddColumn("").AddColumn("");
        foreach (var service in services)
        {
            var ready = service.FirstReady.IsCompletedSuccessfully;
            table.AddRow(
                ready ? "[green]✓[/]" : "[grey]·[/]",
                Markup.Escape(service.Spec.Label),
                ready ? "" : $"[grey]{Markup.Escape(service.Waiting)}[/]");
        }
        return table;
    }

    async Task ReportAsync(SupervisedProcess service, long since, CancellationToken cancellationToken)
    {
        try
        {
            await service.FirstReady.WaitAsync(Patience, time, cancellationToken);
            terminal.Good($"{service.Spec.Label} is ready after {time.GetElapsedTime(since).TotalSeconds:0.0} s");
        }
        catch (TimeoutException)
        {
            FailWhenLate([service], since);
        }
    }

    void FailWhenLate(IReadOnlyList<SupervisedProcess> services, long since)
    {
        if (time.GetElapsedTime(since) < Patience)
            return;
        var late = services.Where(service => !service.FirstReady.IsCompleted).Select(service => $"{service.Spec.Label} ({service.Waiting}; {service.Log.FullName})");
        throw new LauncherException($"Not ready after {Patience.TotalSeconds:0} s: {string.Join(", ", late)}.", ExitCodes.Service);
    }
}
