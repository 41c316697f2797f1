namespace Forewarn.Ingestion;

/// <summary>Asks the targets of a job, each at its own place in the interval, for as long as configuration and files name it.</summary>
sealed class ScrapeJob(ScrapeJobOptions job, ScrapeDoor door, Outbox outbox, Telemetry telemetry, TimeProvider time, ILogger<ScrapeJob> logger) : BackgroundService
{
    static readonly TimeSpan _lookAgain = TimeSpan.FromSeconds(2);

    readonly FileTargets _files = new(job.Files, logger);
    readonly Dictionary<string, (CancellationTokenSource Stop, Task Loop)> _running = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await ChangeToAsync(Wanted(), stoppingToken);
                await Task.Delay(job.Files.Count > 0 ? _lookAgain : Timeout.InfiniteTimeSpan, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await ChangeToAsync([], CancellationToken.None);
        }
    }

    Dictionary<string, ScrapeTarget> Wanted()
    {
        var wanted = new Dictionary<string, ScrapeTarget>(StringComparer.Ordinal);
        foreach (var group in _files.Read().Prepend(new TargetGroup([.. job.Targets], [])))
        {
            foreach (var address in group.Targets)
            {
                if (ScrapeTarget.Of(job, address, group.Labels) is { } target)
                    wanted[target.Key] = target;
                else
                    Log.TargetInvalid(logger, job.Name, address);
            }
        }
        return wanted;
    }

    async Task ChangeToAsync(Dictionary<string, ScrapeTarget> wanted, CancellationToken stoppingToken)
    {
        foreach (var key in _running.Keys.Where(key => !wanted.ContainsKey(key)).ToList())
        {
            _running.Remove(key, out var gone);
            await gone.Stop.CancelAsync();
            await gone.Loop;
            gone.Stop.Dispose();
        }
        foreach (var (key, target) in wanted)
        {
            if (_running.ContainsKey(key))
                continue;
            var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            _running[key] = (stop, AskAsync(target, stop.Token));
            Log.ScrapeStarted(logger, target.Url, job.IntervalSeconds);
        }
    }

    async Task AskAsync(ScrapeTarget target, CancellationToken stop)
    {
        var (scraper, last) = (new TargetScraper(target, job, door, time), new ScrapeResult([], null, null));
        try
        {
            while (true)
            {
                var t = await Grid.NextAsync(time, job.Interval, stop, target.Offset(job.Interval));
                var result = await scraper.ScrapeAsync(t, stop);
                foreach (var submission in result.Submissions)
                    outbox.Add(submission);
                Tell(target, last, result);
                last = result;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // No longer wanted.
        }
    }

    /// <summary>What is new is said once; what is wrong is counted each time.</summary>
    void Tell(ScrapeTarget target, ScrapeResult last, ScrapeResult result)
    {
        if (result.Failure is not null)
            telemetry.Refused("scrape");
        else if (result.LeftOut is not null)
            telemetry.Refused("series");
        if (result.Failure is not null && last.Failure is null)
            Log.ScrapeFailed(logger, target.Url, result.Failure);
        else if (result.Failure is null && last.Failure is not null)
            Log.ScrapeRecovered(logger, target.Url);
        if (result.LeftOut is not null && last.LeftOut is null)
            Log.ScrapeLeftOut(logger, target.Url, result.LeftOut);
    }
}
