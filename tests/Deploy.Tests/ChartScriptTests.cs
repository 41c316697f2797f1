using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Forewarn.Testing;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Deploy.Tests;

/// <summary>The scripts of the chart do what they say, against programs and servers of ours.</summary>
public sealed class ChartScriptTests
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_are_random_fit_together_and_are_made_once()
    {
        var (last, made) = await SecretsScript.RunAsync([], ["--namespace", "forewarn"]);

        last.Exit.ShouldBe(0, last.Error);
        last.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.EndsWith("is there; unchanged", StringComparison.Ordinal));
        made["forewarn-ingest"]["sha256"].ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(made["forewarn-ingest"]["key"]))));
        var postgres = made["forewarn-postgres"];
        postgres["connection"].ShouldBe($"Host=forewarn-postgres;Username=forewarn;Password={postgres["password"]};Database=forewarn");
        postgres["state"].ShouldBe($"host=forewarn-postgres user=forewarn password={postgres["password"]} dbname=forewarn");
        string[] random = [postgres["password"], made["forewarn-access"]["token"], made["forewarn-dapr-api"]["token"], made["forewarn-dapr-app"]["token"], made["forewarn-ingest"]["key"]];
        random.Distinct(StringComparer.Ordinal).Count().ShouldBe(5);
        random.ShouldAllBe(text => text.Length == 48);
        (last.Output + last.Error).ShouldNotContain(postgres["password"]);
    }

    [Fact]
    public async Task Connections_elsewhere_are_taken_as_they_are_and_belong_together()
    {
        const string Connection = "Host=db;Username=u;Password=p=w;Database=d";
        var (_, made) = await SecretsScript.RunAsync(["--connection", Connection, "--state-connection", "host=db user=u"]);
        made["forewarn-postgres"]["connection"].ShouldBe(Connection);

        var (last, none) = await SecretsScript.RunAsync(["--connection", Connection]);
        last.Exit.ShouldBe(2);
        last.Error.ShouldContain("belong together");
        none.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_PostgreSQL_inside_is_found_whatever_the_release_is_called()
    {
        foreach (var release in new[] { "forewarn", "watch", "team-forewarn" })
        {
            var (_, made) = await SecretsScript.RunAsync(["--release", release]);
            var host = made["forewarn-postgres"]["connection"].Split(';')[0]["Host=".Length..];
            var expected = release.Contains("forewarn", StringComparison.Ordinal) ? $"{release}-postgres" : $"{release}-forewarn-postgres";
            host.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Topics_that_are_missing_are_created_as_their_file_says()
    {
        var job = (await Profiles.RenderAsync("small")).Single(manifest => manifest.Kind == "Job");
        var environment = job.Containers.Single()["env"]!.AsArray().ToDictionary(one => (string)one!["name"]!, one => (string?)one!["value"] ?? "");
        var (said, calls, _) = await CreateTopicsAsync(environment, known: "metrics.raw\ndetections.dead");

        said.Exit.ShouldBe(0, said.Error);
        var topics = Repository.Components.Single(one => one.File == "topics.yaml").Document;
        var expected = topics["topics"]!.AsArray().SelectMany(topic => new[] { (string)topic!, $"{topic}.dead" }).Except(["metrics.raw", "detections.dead"]).ToList();
        calls.Where(call => call.Contains("--create", StringComparison.Ordinal)).Select(call => call.Split("--topic ")[1].Split(' ')[0]).ShouldBe(expected, ignoreOrder: true);
        calls[^1].ShouldContain($"--partitions {topics["partitions"]} --replication-factor 1 --config max.message.bytes=5242880");
        said.Output.ShouldContain($"{expected.Count} topics created");
    }

    [Fact]
    public async Task Sign_in_and_certificates_reach_Kafka_with_all_their_characters()
    {
        var (said, _, settings) = await CreateTopicsAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["BROKERS"] = "k:9093",
                ["TOPICS"] = "a",
                ["PARTITIONS"] = "12",
                ["REPLICATION_FACTOR"] = "3",
                ["MAX_MESSAGE_BYTES"] = "1",
                ["SASL_MECHANISM"] = "SCRAM-SHA-512",
                ["SASL_USERNAME"] = "user",
                ["SASL_PASSWORD"] = "a\"b\\c",
                ["TLS"] = "true",
                ["CA_CERT"] = "-----BEGIN\nAB\n-----END",
                ["CLIENT_CERT"] = "cert\nchain",
                ["CLIENT_KEY"] = "key",
            }, known: "");

        said.Exit.ShouldBe(0, said.Error);
        settings.ShouldContain("security.protocol=SASL_SSL");
        settings.ShouldContain("sasl.mechanism=SCRAM-SHA-512");
        // As a file of properties: each backslash that JAAS is to see stands twice.
        settings.ShouldContain("sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username=\"user\" password=\"a\\\\\"b\\\\\\\\c\";");
        settings.ShouldContain(@"ssl.truststore.certificates=-----BEGIN\nAB\n-----END\n");
        settings.ShouldContain(@"ssl.keystore.certificate.chain=cert\nchain\n");
    }

    [Fact]
    public async Task The_test_passes_when_its_metric_has_a_score_and_not_before()
    {
        var asked = 0;
        await using var server = await HookServer.StartAsync(async (hook, http) =>
        {
            if (hook.Path == "/v1/metrics/json")
            {
                http.Response.StatusCode = 202;
                return;
            }
            var entity = http.Request.Query["entity"].ToString();
            await http.Response.WriteAsync(++asked < 2 ? """{"items":[]}""" : $$"""{"items":[{"entity":"{{entity}}","score":0.4}]}""");
        });
        var said = await ScoreAsync(server, seconds: 60);

        said.Exit.ShouldBe(0, said.Error);
        said.Output.ShouldStartWith("passed: helm-test-");
        asked.ShouldBe(2);
        var sent = server.Hooks.First(hook => hook.Path == "/v1/metrics/json");
        sent.Headers["Authorization"].ShouldBe("Bearer ingest-key");
        server.Hooks.First(hook => hook.Path == "/api/predictions").Headers["Authorization"].ShouldBe("Bearer access-token");
        using var row = JsonDocument.Parse(sent.Body);
        row.RootElement.GetProperty("rows")[0].GetProperty("values")[0].TryGetDouble(out _).ShouldBeTrue();
    }

    [Fact]
    public async Task The_test_fails_with_what_was_answered_last()
    {
        await using var server = await HookServer.StartAsync(async (_, http) =>
        {
            http.Response.StatusCode = 401;
            await http.Response.WriteAsync("a key is needed");
        });
        var said = await ScoreAsync(server, seconds: 1);

        said.Exit.ShouldBe(1);
        said.Error.ShouldContain("no score");
        said.Error.ShouldContain("a key is needed");
    }

    [Fact]
    public async Task Shellcheck_finds_nothing()
    {
        var shellcheck = await DebianProgram.FindAsync("shellcheck");
        Assert.SkipWhen(shellcheck is null, "neither shellcheck nor apt, which would bring it");
        foreach (var (file, shell) in new[] { ("secrets.sh", "bash"), ("forewarn/files/create-topics.sh", "bash"), ("forewarn/files/score.sh", "sh"), ("../verify-k8s.sh", "bash") })
        {
            var said = await HelmRenderer.ExecuteAsync(shellcheck!, ["--external-sources", "--source-path=SCRIPTDIR", "--shell", shell, Repository.PathOf("deploy", "k8s", file)]);
            said.Output.ShouldBeEmpty();
        }
    }

    static async Task<(Rendered Said, IReadOnlyList<string> Calls, string Settings)> CreateTopicsAsync(Dictionary<string, string> environment, string known)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script is for a shell");
        var folder = Directory.CreateTempSubdirectory("forewarn-topics-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "bin"));
            var tool = Path.Combine(folder, "bin", "kafka-topics.sh");
            await File.WriteAllTextAsync(tool, """
                #!/usr/bin/env bash
                echo "$*" >> "$STORE/calls"
                cp "$4" "$STORE/settings"
                [[ "$*" != *--list* ]] || printf '%s\n' "$KNOWN"
                """, Token);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            environment["KAFKA_HOME"] = folder;
            environment["STORE"] = folder;
            environment["KNOWN"] = known;
            var said = await HelmRenderer.ExecuteAsync("bash", [Path.Combine(HelmRenderer.Chart, "files", "create-topics.sh")], folder, environment);
            return (said, await File.ReadAllLinesAsync(Path.Combine(folder, "calls"), Token), await File.ReadAllTextAsync(Path.Combine(folder, "settings"), Token));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static Task<Rendered> ScoreAsync(HookServer server, int seconds)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/curl"), "the script calls curl");
        return HelmRenderer.ExecuteAsync("sh", [Path.Combine(HelmRenderer.Chart, "files", "score.sh")], folder: null, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["INGEST"] = server.Url.ToString().TrimEnd('/'),
            ["INGEST_KEY"] = "ingest-key",
            ["GATEWAY"] = server.Url.ToString().TrimEnd('/'),
            ["ACCESS_TOKEN"] = "access-token",
            ["TIMEOUT_SECONDS"] = seconds.ToString(CultureInfo.InvariantCulture),
        });
    }
}
