namespace DevSidecar.Cli;

/// <summary>Shows the lines of apps, each with its app id before it, in colour where a person looks.</summary>
sealed class AppOutput(TextWriter output, TextWriter error, bool colouredOutput, bool colouredError)
{
    static readonly string[] Colours = ["36", "33", "35", "32", "34", "96", "93", "95"];

    readonly Lock _lock = new();
    readonly List<string> _apps = [];

    /// <summary><see href="https://no-color.org">NO_COLOR</see> and a stream that is no terminal mean no colour.</summary>
    public static AppOutput OfConsole(IReadOnlyDictionary<string, string> environment)
    {
        var wanted = IsColourWanted(environment);
        return new(Console.Out, Console.Error, wanted && !Console.IsOutputRedirected, wanted && !Console.IsErrorRedirected);
    }

    public static bool IsColourWanted(IReadOnlyDictionary<string, string> environment) => environment.GetValueOrDefault("NO_COLOR") is not { Length: > 0 };

    public void Write(string appId, string line, bool isError)
    {
        lock (_lock)
        {
            var number = _apps.IndexOf(appId);
            if (number < 0)
            {
                number = _apps.Count;
                _apps.Add(appId);
            }

            var prefix = (isError ? colouredError : colouredOutput) ? $"\e[{Colours[number % Colours.Length]}m{appId} |\e[0m " : $"{appId} | ";
            (isError ? error : output).WriteLine(prefix + line);
        }
    }
}
