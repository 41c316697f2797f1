namespace Forewarn.Launcher.Platform;

/// <summary>What the sidecars log goes where the services' output goes: to a file, warnings to the terminal too.</summary>
sealed class FileLoggerProvider(LogFile file, Terminal terminal, TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, file, terminal, time);

    public void Dispose() => file.Dispose();

    sealed class Logger(string category, LogFile file, Terminal terminal, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var text = formatter(state, exception);
            file.Write($"{time.GetUtcNow():HH:mm:ss.fff} {Short(logLevel)}: {category} {text}{(exception is null ? "" : " " + exception)}");
            if (logLevel >= LogLevel.Warning)
            {
                var line = exception is null ? text : $"{text}: {exception.Message}";
                terminal.Service("sidecar", line, logLevel == LogLevel.Warning ? LineClass.Warning : LineClass.Error);
            }
        }

        static string Short(LogLevel level) => level switch
        {
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "fail",
            _ => "crit",
        };
    }
}
