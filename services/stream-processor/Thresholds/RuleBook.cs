namespace Forewarn.StreamProcessor;

/// <summary>
/// Holds the users' rules. The file is read at the start and looked at every 2 s; one that is not in order, or away, changes
/// nothing: the rules before stay, which is logged once and shown beside readiness until it is mended.
/// </summary>
sealed class RuleBook : BackgroundService
{
    const int MostBytes = 1024 * 1024;
    static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    readonly string? _path;
    readonly TimeProvider _time;
    readonly ILogger<RuleBook> _logger;
    volatile RuleSet _current = RuleSet.None;
    volatile string? _mistake;
    string? _read;

    public RuleBook(StreamProcessorOptions options, TimeProvider time, ILogger<RuleBook> logger)
    {
        (_path, _time, _logger) = (options.ThresholdsFile, time, logger);
        // Before the first delivery, so that no tick goes unjudged.
        Look();
    }

    public RuleSet Current => _current;

    /// <summary>For people; null without a file.</summary>
    public string? Note => _path is null ? null
        : _mistake is { } mistake ? $"{_current.Rules.Count} rules from before; {mistake}"
        : $"{_current.Rules.Count} rules";

    /// <summary>Looks whether the file has changed.</summary>
    public void Look()
    {
        if (_path is null)
            return;
        try
        {
            var text = Read(_path);
            if (string.Equals(text, _read, StringComparison.Ordinal))
                return;
            _read = text;
            _current = RuleFile.Parse(text, Path.GetFileName(_path));
            _mistake = null;
            Log.RulesTaken(_logger, _current.Rules.Count, _path);
        }
        catch (Exception unusable) when (unusable is RuleFileException or IOException or UnauthorizedAccessException)
        {
            Refuse(unusable);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_path is null)
            return;
        using var timer = new PeriodicTimer(Every, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            Look();
    }

    static string Read(string path)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MostBytes } file)
            throw new IOException($"it has {file.Length} bytes; at most {MostBytes} are read");
        return File.ReadAllText(path);
    }

    void Refuse(Exception unusable)
    {
        var mistake = unusable is RuleFileException { Mistakes: var mistakes } ? string.Join("; ", mistakes) : $"{_path} cannot be read: {unusable.Message}";
        if (string.Equals(mistake, _mistake, StringComparison.Ordinal))
            return;
        // One that is away for a moment and comes back as it was is read again.
        if (unusable is not RuleFileException)
            _read = null;
        _mistake = mistake;
        Log.RulesRefused(_logger, _current.Rules.Count, mistake);
    }
}
