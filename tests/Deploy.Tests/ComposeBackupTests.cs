using System.Text.RegularExpressions;

namespace Forewarn.Deploy.Tests;

/// <summary>The commands of docs/backup.md for compose name what compose.yaml has: no Docker runs them here.</summary>
public sealed partial class ComposeBackupTests
{
    static readonly IReadOnlyList<string> Commands =
    [
        .. File.ReadAllLines(Repository.PathOf("docs", "backup.md"))
            .Where(line => line.StartsWith("docker ", StringComparison.Ordinal)),
    ];

    [Fact]
    public void Services_exist_and_run_as_the_owner_of_the_volumes()
    {
        var runs = Commands.Select(line => Service().Match(line)).Where(match => match.Success).ToList();
        runs.Count.ShouldBe(8);
        runs.Select(match => match.Groups["service"].Value).ShouldBeSubsetOf(ComposeServices.All.Keys);
        // The owner that the service gives them, who alone may read them.
        var owner = ComposeServices.Texts(ComposeServices.All["volumes"], "entrypoint")[1];
        Commands.Where(line => line.Contains("--entrypoint tar", StringComparison.Ordinal)).ShouldAllBe(line => line.Contains($"--user {owner} ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_volume_that_holds_state_is_copied_and_emptied_before_it_is_filled()
    {
        var volumes = ComposeFile.Load()["volumes"]!.AsObject().Select(volume => volume.Key).Except(["prometheus", "grafana"]).ToList();
        var emptied = Commands.Single(line => line.StartsWith("docker volume rm ", StringComparison.Ordinal)).Split(' ')[3..];
        emptied.ShouldBe(volumes.Select(volume => $"{ComposeFile.Load()["name"]}_{volume}"), ignoreOrder: true);

        var archive = Commands.Single(line => line.Contains("tar volumes -c", StringComparison.Ordinal));
        foreach (var mount in ComposeServices.Texts(ComposeServices.All["volumes"], "volumes"))
            archive.ShouldContain($" {mount.Split(":/")[1]}", Case.Sensitive, "below -C /");
        // The rest of them is in the dump, or on its way to it.
        volumes.Except(ComposeServices.Texts(ComposeServices.All["volumes"], "volumes").Select(mount => mount.Split(':')[0])).ShouldBe(["timescaledb", "kafka"], ignoreOrder: true);
        Commands.Count(line => line.Contains("timescaledb pg_dump --username forewarn --format custom forewarn", StringComparison.Ordinal)).ShouldBe(1);
        ComposeServices.EnvironmentOf("timescaledb")["POSTGRES_USER"].ShouldBe("forewarn");
        ComposeServices.EnvironmentOf("timescaledb")["POSTGRES_DB"].ShouldBe("forewarn");
    }

    [GeneratedRegex(@"compose\.yaml (exec|run)( --?[a-z-]+( [0-9:]+| tar)?| -T)* (?<service>[a-z-]+)|--wait (?<service>timescaledb)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Service();
}
