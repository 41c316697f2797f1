namespace Forewarn.History.Tests;

/// <summary>What a test cannot do without: absent, it is skipped with the reason, but fails where everything must run.</summary>
static class Needs
{
    const string Setting = "FOREWARN_TEST_POSTGRES";

    public static string Postgres()
    {
        var server = Environment.GetEnvironmentVariable(Setting);
        if (!string.IsNullOrWhiteSpace(server))
            return server;
        const string Reason = $"{Setting} is not set: an Npgsql connection string to a server where databases may be created";
        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase))
            Assert.Fail(Reason);
        Assert.Skip(Reason);
        return server!;
    }

    /// <summary>A test of native partitions; TimescaleDB's own ways are tested by <see cref="TimescaleTests"/>.</summary>
    public static void Native(HistoryApp app) =>
        Assert.SkipUnless(app.Storage.Contains("native partitions", StringComparison.Ordinal), $"this server stores otherwise: {app.Storage}");

    /// <summary>A test of what TimescaleDB does with our statements.</summary>
    public static void Timescale(HistoryApp app) =>
        Assert.SkipUnless(app.Storage.Contains("TimescaleDB ", StringComparison.Ordinal) && !app.Storage.Contains("native partitions", StringComparison.Ordinal),
            $"{Setting} names a server without TimescaleDB: {app.Storage}");
}

static class Eventually
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (!condition())
        {
            if (time.GetElapsedTime(started) > Deadline)
                throw new TimeoutException($"Waited {Deadline.TotalSeconds} s for {what}.");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
