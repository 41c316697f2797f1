using Forewarn.Alerting.Notifications;
using System.Security.Cryptography;
using System.Text;
using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

/// <summary>A configuration and where it came from.</summary>
/// <param name="File">Null = none is configured.</param>
/// <param name="Hash">Of the file's bytes; empty without a file.</param>
/// <param name="LoadedAt">Unix milliseconds.</param>
public sealed record LoadedConfig(AlertConfig Config, string? File, string Hash, long LoadedAt);

/// <summary>
/// The configuration that holds. A file that changes is taken without a restart; one that cannot be used changes nothing, and what is
/// wrong with it is logged once and shown.
/// </summary>
sealed class AlertConfigSource : BackgroundService, IReceivers
{
    const int MostBytes = 1024 * 1024;
    static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    readonly TimeProvider _time;
    readonly ILogger<AlertConfigSource> _logger;
    volatile LoadedConfig _current;
    volatile IReadOnlyList<string> _mistakes = [];
    string _seen;

    /// <exception cref="OptionsException">There is a file and it cannot be used: better no start than one that tells nobody.</exception>
    public AlertConfigSource(AlertingOptions options, TimeProvider time, ILogger<AlertConfigSource> logger)
    {
        _time = time;
        _logger = logger;
        var file = string.IsNullOrWhiteSpace(options.ConfigFile) ? null : Path.GetFullPath(options.ConfigFile);
        _current = new LoadedConfig(AlertConfig.Standard, file, "", Now());
        if (file is not null)
            _current = Start(file);
        _seen = _current.Hash;
    }

    public LoadedConfig Current => _current;

    /// <summary>A receiver of the configuration that holds; null when there is none of that name.</summary>
    public Receiver? Find(string name) => _current.Config.FindReceiver(name);

    /// <summary>Why the file as it is now does not hold, a line each; empty when it does.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    /// <summary>Another configuration holds.</summary>
    public event EventHandler? Changed;

    /// <summary>For the health report; null while nothing is wrong.</summary>
    public string? Note => _mistakes is { Count: > 0 } mistakes
        ? $"the file {_current.File} has {mistakes.Count} mistakes, and what was read before holds: {string.Join("; ", mistakes)}"
        : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_current.File is not { } file)
            return;
        using var timer = new PeriodicTimer(Period, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look(file);
    }

    /// <summary>Reads the file; the whole of it, as a time stamp may stay the same when the content does not.</summary>
    internal void Look(string file)
    {
        try
        {
            var bytes = Read(file);
            var hash = HashOf(bytes);
            if (hash == _seen)
                return;
            _seen = hash;
            _mistakes = [];
            // Back to what holds: somebody took a mistake back.
            if (hash == _current.Hash)
                return;
            _current = new LoadedConfig(AlertConfigFile.Parse(Encoding.UTF8.GetString(bytes), Path.GetFileName(file)), file, hash, Now());
            Log.ConfigLoaded(_logger, file, _current.Config.Receivers.Count, _current.Config.Routes.Count, _current.Config.Budgets.Count);
            Changed?.Invoke(this, EventArgs.Empty);
        }
        catch (AlertConfigException wrong)
        {
            Refuse(file, wrong.Mistakes);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            var mistakes = new[] { $"{Path.GetFileName(file)} cannot be read: {unreadable.Message}" };
            if (!mistakes.SequenceEqual(_mistakes, StringComparer.Ordinal))
                Refuse(file, mistakes);
            // What comes back is read again, even if it is what it was.
            _seen = "";
        }
    }

    void Refuse(string file, IReadOnlyList<string> mistakes)
    {
        _mistakes = mistakes;
        Log.ConfigRefused(_logger, file, string.Join(Environment.NewLine, mistakes));
    }

    LoadedConfig Start(string file)
    {
        try
        {
            var bytes = Read(file);
            return new LoadedConfig(AlertConfigFile.Parse(Encoding.UTF8.GetString(bytes), Path.GetFileName(file)), file, HashOf(bytes), Now());
        }
        catch (AlertConfigException wrong)
        {
            throw new OptionsException($"ALERTING__CONFIGFILE is '{file}', which cannot be used:{Environment.NewLine}{wrong.Message}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new OptionsException($"ALERTING__CONFIGFILE is '{file}', which cannot be read: {unreadable.Message}");
        }
    }

    static byte[] Read(string file) => new FileInfo(file).Length <= MostBytes
        ? File.ReadAllBytes(file)
        : throw new IOException($"it has more than {MostBytes} bytes");

    static string HashOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();
}
