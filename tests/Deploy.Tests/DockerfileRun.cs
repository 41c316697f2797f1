namespace Forewarn.Deploy.Tests;

/// <summary>
/// Carries out stages of the Dockerfile in folders, with the tools of this machine in place of a base image's: COPY copies, RUN runs.
/// </summary>
/// <param name="context">What Docker would be sent.</param>
/// <param name="work">A folder of a stage each is made below it.</param>
/// <param name="user">Who runs commands.</param>
sealed class DockerfileRun(Dockerfile dockerfile, string context, string work, OrdinaryUser user, Dictionary<string, string> arguments)
{
    readonly HashSet<string> _done = new(StringComparer.Ordinal);

    /// <summary>The root folder of a stage, carried out with those that it needs.</summary>
    public async Task<string> StageAsync(string name)
    {
        var root = Path.Combine(work, name);
        if (!_done.Add(name))
            return root;
        var stage = dockerfile[name];
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (dockerfile.Stages.Any(other => other.Name == stage.Base))
        {
            var below = await StageAsync(stage.Base);
            await user.DoAsync(work, "cp", "-a", below, root);
        }
        Directory.CreateDirectory(root);
        await user.OwnAsync(root);
        foreach (var above in Chain(stage))
        {
            foreach (var value in above.All("ENV").SelectMany(line => line.Split(' ')).Select(pair => pair.Split('=', 2)))
                environment[value[0]] = value[1].Trim('"');
        }
        var folder = Chain(stage).SelectMany(one => one.All("WORKDIR")).FirstOrDefault() ?? "/";
        foreach (var (instruction, rest) in stage.Steps)
        {
            switch (instruction)
            {
                case "WORKDIR":
                    folder = rest;
                    break;
                case "ARG":
                    environment[rest] = arguments[rest];
                    break;
                case "COPY":
                    await CopyAsync(rest.Split(' '), root, folder);
                    break;
                case "RUN":
                    await RunAsync(rest, Inside(root, folder), environment);
                    break;
            }
        }
        return root;
    }

    IEnumerable<Dockerfile.Stage> Chain(Dockerfile.Stage stage)
    {
        yield return stage;
        while (dockerfile.Stages.FirstOrDefault(other => other.Name == stage.Base) is { } below)
            yield return stage = below;
    }

    async Task CopyAsync(string[] words, string root, string folder)
    {
        var from = context;
        if (words[0].StartsWith("--from=", StringComparison.Ordinal))
        {
            from = await StageAsync(words[0]["--from=".Length..]);
            words = words[1..];
        }
        var target = Inside(root, Path.Combine(folder, words[^1]));
        await user.DoAsync(work, "mkdir", "-p", Inside(root, folder));
        foreach (var source in words[..^1].Select(word => Inside(from, word)))
        {
            // A folder's content goes into the target, a file under its name.
            if (Directory.Exists(source))
            {
                await user.DoAsync(work, "mkdir", "-p", target);
                await user.DoAsync(work, "cp", "-a", $"{source}/.", target);
            }
            else
            {
                await user.DoAsync(work, "cp", "-a", source, target);
            }
        }
    }

    async Task RunAsync(string command, string folder, Dictionary<string, string> environment)
    {
        Directory.Exists(folder).ShouldBeTrue(folder);
        var (exitCode, output) = await user.RunAsync(["sh", "-c", command], environment, folder);
        exitCode.ShouldBe(0, $"{command}\n{output}");
    }

    static string Inside(string root, string path) => Path.GetFullPath(Path.Combine(root, path.TrimStart('/')));
}
