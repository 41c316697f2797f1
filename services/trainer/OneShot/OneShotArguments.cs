namespace Forewarn.Trainer;

/// <summary>The command line <c>train --once</c>.</summary>
/// <param name="Kind">Kind of model; null = the configured one.</param>
/// <param name="EndSidecar">Tell the sidecar to end too: a Kubernetes Job is done only when all its containers are.</param>
/// <param name="Settings">What goes to the configuration: <c>--Trainer:Seed=2</c>.</param>
sealed record OneShotArguments(string? Kind, bool EndSidecar, string[] Settings)
{
    public const string Usage = "Usage: train --once [--kind KIND] [--end-sidecar] [--Trainer:SETTING=VALUE ...]";

    /// <summary>Null, and what is wrong, for a command line that is none.</summary>
    public static (OneShotArguments? Arguments, string? Error) Parse(IReadOnlyList<string> args)
    {
        string? kind = null;
        var (once, endSidecar, settings) = (false, false, new List<string>());
        for (var i = 0; i < args.Count; i++)
        {
            switch (args[i])
            {
                case "--once":
                    once = true;
                    break;
                case "--end-sidecar":
                    endSidecar = true;
                    break;
                case "--kind" when i + 1 < args.Count:
                    kind = args[++i];
                    break;
                case var setting when setting.StartsWith("--", StringComparison.Ordinal) && setting.Contains('=', StringComparison.Ordinal):
                    settings.Add(setting);
                    break;
                default:
                    return (null, $"'{args[i]}' is not understood. {Usage}");
            }
        }
        return once
            ? (new OneShotArguments(kind, endSidecar, [.. settings]), null)
            : (null, $"Without --once the trainer is a service and has no verb. {Usage}");
    }
}
