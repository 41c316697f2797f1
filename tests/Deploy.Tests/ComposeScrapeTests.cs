using System.Text.Json.Nodes;
using Forewarn.Contracts;

namespace Forewarn.Deploy.Tests;

/// <summary>Prometheus in compose gets what the gateway knows: by a name that it answers to, with its token.</summary>
public sealed class ComposeScrapeTests : IDisposable
{
    const string TokenFolder = "/tmp/";

    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-scrape-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_job_calls_the_gateway_by_a_name_and_port_that_it_answers_to()
    {
        var gateway = ComposeServices.EnvironmentOf(Apps.Gateway);
        var target = Job()["static_configs"]![0]!["targets"]!.AsArray().ShouldHaveSingleItem()!.ToString().Split(':');

        gateway["GATEWAY__ALLOWEDHOSTS"].Split(',').ShouldContain(target[0]);
        ComposeServices.Texts(ComposeServices.All[ComposeServices.PodOf(Apps.Gateway)]["networks"]!["default"]!.AsObject(), "aliases").ShouldContain(target[0]);
        target[1].ShouldBe(gateway["GATEWAY__PORT"]);
        Job().ContainsKey("metrics_path").ShouldBeFalse("/metrics is where both expect it");
    }

    [Fact]
    public async Task It_starts_with_the_gateways_token_in_the_file_that_the_job_names_and_nobody_else_reads_it()
    {
        var prometheus = ComposeServices.All["prometheus"];
        ComposeServices.EnvironmentOf("prometheus")["GATEWAY_TOKEN"].ShouldBe(ComposeServices.EnvironmentOf(Apps.Gateway)["GATEWAY__ACCESSTOKEN"]);
        ComposeServices.Texts(prometheus, "tmpfs").ShouldHaveSingleItem().ShouldStartWith($"{TokenFolder.TrimEnd('/')}:");
        var file = Job()["authorization"]!["credentials_file"]!.ToString();
        file.ShouldStartWith(TokenFolder);
        var (program, heard) = (Path.Combine(_folder, "prometheus"), Path.Combine(_folder, "heard"));
        await File.WriteAllTextAsync(program, $"#!/bin/sh\nprintf '%s\\n' \"$@\" >'{heard}'\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);

        // As Docker starts it, with the folder and the program of this test in place of those of the image.
        IReadOnlyList<string> words = [.. ComposeServices.Texts(prometheus, "entrypoint").Select(Here), .. ComposeServices.Texts(prometheus, "command")];
        const string token = "a $token with \"quotes\" %s";
        var (exitCode, output) = await Shell.RunAsync(words, new() { ["GATEWAY_TOKEN"] = token });

        exitCode.ShouldBe(0, output);
        (await File.ReadAllLinesAsync(heard, TestContext.Current.CancellationToken)).ShouldBe(ComposeServices.Texts(prometheus, "command"));
        var written = Path.Combine(_folder, file[TokenFolder.Length..]);
        (await File.ReadAllTextAsync(written, TestContext.Current.CancellationToken)).ShouldBe(token);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(written).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        // $$ is how Compose writes $.
        string Here(string word) => word.Replace("$$", "$", StringComparison.Ordinal).Replace(TokenFolder, $"{_folder}/", StringComparison.Ordinal).Replace("/bin/prometheus", program, StringComparison.Ordinal);
    }

    static JsonObject Job() => ((JsonObject)ComposeFile.ToJson(ComposeFile.Yaml(Path.Combine(ComposeFile.Folder, "prometheus.yaml")))!)["scrape_configs"]!.AsArray()
        .Select(job => job!.AsObject()).Single(job => job["job_name"]!.ToString() == "forewarn");
}
