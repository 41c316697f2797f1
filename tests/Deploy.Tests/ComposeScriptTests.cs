using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Forewarn.Deploy.Tests;

/// <summary>The scripts beside compose.yaml, run for real.</summary>
public sealed class ComposeScriptTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-scripts-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_job_makes_every_topic_that_is_missing_with_its_partitions()
    {
        var (tool, calls) = await FakeKafkaAsync("detections", "detections.dead", "somebody.elses");

        var (exitCode, output) = await Shell.RunAsync(["bash", Script("topics.sh"), "kafka:19092", ListFile], new() { ["KAFKA_TOPICS"] = tool });

        exitCode.ShouldBe(0, output);
        var list = (JsonObject)ComposeFile.ToJson(ComposeFile.Yaml(ListFile))!;
        list["deadTopics"]!.GetValue<bool>().ShouldBeTrue();
        var expected = list["topics"]!.AsArray().Select(topic => topic!.ToString()).SelectMany(topic => new[] { topic, $"{topic}.dead" }).Where(topic => !topic.StartsWith("detections", StringComparison.Ordinal));
        (await File.ReadAllLinesAsync(calls, TestContext.Current.CancellationToken)).Order(StringComparer.Ordinal).ShouldBe(
            expected.Select(topic => $"--bootstrap-server kafka:19092 --create --if-not-exists --topic {topic} --partitions {list["partitions"]} --replication-factor 1").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_makes_nothing_and_says_so()
    {
        var (tool, calls) = await FakeKafkaAsync();
        var list = Path.Combine(_folder, "topics.yaml");
        await File.WriteAllTextAsync(list, "kind: Topics\npartitions: many\ntopics:\n- a\n", TestContext.Current.CancellationToken);

        var (exitCode, output) = await Shell.RunAsync(["bash", Script("topics.sh"), "kafka:19092", list], new() { ["KAFKA_TOPICS"] = tool });

        exitCode.ShouldBe(2);
        output.ShouldContain("partitions");
        File.Exists(calls).ShouldBeFalse();
    }

    [Fact]
    public async Task Secrets_are_drawn_once_and_for_nobody_else_to_read()
    {
        foreach (var name in new[] { "env.sh", ".env.example" })
            File.Copy(Path.Combine(ComposeFile.Folder, name), Path.Combine(_folder, name));

        (await Shell.RunAsync(["bash", Path.Combine(_folder, "env.sh")])).ExitCode.ShouldBe(0);
        var first = await ReadAsync();
        (await Shell.RunAsync(["bash", Path.Combine(_folder, "env.sh")])).ExitCode.ShouldBe(0);

        (await ReadAsync()).ShouldBe(first);
        var values = first.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        values.Values.ShouldAllBe(value => value.Length > 0);
        values["FOREWARN_API_KEY_SHA256"].ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(values["FOREWARN_API_KEY"]))));
        values.Where(pair => pair.Key != "COMPOSE_PROFILES").Select(pair => pair.Value).ShouldBeUnique();
        values["GATEWAY__ACCESSTOKEN"].Length.ShouldBeGreaterThanOrEqualTo(32);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(_folder, ".env")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Every_script_passes_shellcheck()
    {
        if (await DebianProgram.FindAsync("shellcheck") is not { } shellcheck)
        {
            Assert.Skip("There is no shellcheck here, and no apt to bring it.");
            return;
        }
        var scripts = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "deploy"), "*.sh", SearchOption.AllDirectories).ToList();
        scripts.Count.ShouldBeGreaterThanOrEqualTo(4);

        var (exitCode, output) = await Shell.RunAsync([shellcheck, "--external-sources", "--source-path=SCRIPTDIR", .. scripts]);

        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task Compose_itself_reads_the_files_where_it_is_installed()
    {
        if ((await Shell.RunAsync(["sh", "-c", "docker compose version"])).ExitCode != 0)
        {
            Assert.Skip("`docker compose` is not installed here; the schema's tests are what there is.");
            return;
        }
        foreach (var name in new[] { "env.sh", ".env.example" })
            File.Copy(Path.Combine(ComposeFile.Folder, name), Path.Combine(_folder, name));
        (await Shell.RunAsync(["bash", Path.Combine(_folder, "env.sh")])).ExitCode.ShouldBe(0);
        foreach (var (profile, file) in new[] { ("platform,observability", "verify.yaml"), ("infra", "infra.yaml") })
        {
            var (exitCode, output) = await Shell.RunAsync(
                [
                    "docker", "compose", "--env-file", Path.Combine(_folder, ".env"), "--file", Path.Combine(ComposeFile.Folder, "compose.yaml"),
                    "--file", Path.Combine(ComposeFile.Folder, file), "config", "--services",
                ],
                new() { ["COMPOSE_PROFILES"] = profile });

            exitCode.ShouldBe(0, output);
            output.Split('\n').ShouldContain("kafka");
            output.Split('\n').Contains("gateway").ShouldBe(profile != "infra");
        }
    }

    static string ListFile => Path.Combine(Checkout.Root, "components", "topics.yaml");

    static string Script(string name) => Path.Combine(ComposeFile.Folder, name);

    Task<string> ReadAsync() => File.ReadAllTextAsync(Path.Combine(_folder, ".env"), TestContext.Current.CancellationToken);

    async Task<(string Tool, string Calls)> FakeKafkaAsync(params string[] existing)
    {
        var (tool, calls) = (Path.Combine(_folder, "kafka-topics"), Path.Combine(_folder, "calls"));
        await File.WriteAllTextAsync(
            tool, $"#!/bin/sh\ncase \"$*\" in\n*--list) printf '%s\\n' {string.Join(' ', existing)} ;;\n*) echo \"$*\" >>'{calls}' ;;\nesac\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(tool, (UnixFileMode)0b111_101_101);
        return (tool, calls);
    }
}
