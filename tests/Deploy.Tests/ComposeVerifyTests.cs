namespace Forewarn.Deploy.Tests;

/// <summary>The flow of <c>deploy/verify.sh compose</c> with stand-ins for Docker and curl; against containers it is for whoever has them.</summary>
public sealed class ComposeVerifyTests : IDisposable
{
    const string Docker = """
        #!/bin/sh
        echo "$*" >>"$STATE/docker"
        case " $* " in
        *" up "*" --wait "*) exit "${UP:-0}" ;;
        *" logs "*) cat "$STATE/docker" ;;
        esac
        """;

    const string Curl = """
        #!/bin/sh
        all="$*" url=; for word; do url=$word; done
        case $all in
        *write-out*--config*/v1/metrics/json) printf 202 ;;
        *write-out*) printf 401 ;;
        *--config*/api/status) echo '{"services":[]}' ;;
        *--config*kind=scores*) printf 'entity,t\nweb-1,0\n' ;;
        *--config*kind=samples*) echo entity,t; seq "$ROWS" ;;
        *--config*entity=*) echo "{\"items\":[{\"entity\":\"${url##*entity=}\"}]}" ;;
        */api/v1/search*) echo '{"messages_count":1}' ;;
        esac
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-verify-").FullName;

    public ComposeVerifyTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "compose"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "deploy"), "*.sh"))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        foreach (var name in new[] { "env.sh", ".env.example" })
            File.Copy(Path.Combine(ComposeFile.Folder, name), Path.Combine(_folder, "compose", name));
        Write("docker", Docker);
        Write("curl", Curl);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Where_everything_answers_everything_passes()
    {
        var (exitCode, output) = await RunAsync(new() { ["ROWS"] = "60" });

        exitCode.ShouldBe(0, output);
        output.TrimEnd().Split('\n')[^1].ShouldBe("14 passed, 0 failed");
        var asked = await File.ReadAllTextAsync(Path.Combine(_folder, "docker"), TestContext.Current.CancellationToken);
        foreach (var service in new[] { "history stream-processor", "ingestion-dapr ingestion", "kafka" })
        {
            asked.ShouldContain($"kill --signal SIGKILL {service}\n");
            asked.ShouldContain($"start {service}\n");
        }
        // Whoever was told while it ran is told no more.
        asked.TrimEnd().Split('\n')[^1].ShouldBe("compose --file compose.yaml up --detach --remove-orphans");
    }

    [Fact]
    public async Task Containers_that_do_not_become_healthy_fail()
    {
        var (exitCode, output) = await RunAsync(new() { ["ROWS"] = "60", ["UP"] = "1" });

        exitCode.ShouldBe(1);
        output.ShouldContain("✗ every container is healthy");
        output.TrimEnd().Split('\n')[^1].ShouldBe("12 passed, 2 failed");
    }

    [Fact]
    public async Task Something_else_to_verify_is_refused_with_what_there_is()
    {
        var (exitCode, output) = await Shell.RunAsync(["bash", Path.Combine(_folder, "verify.sh"), "../verify-compose"]);

        exitCode.ShouldBe(2);
        output.ShouldContain("usage: deploy/verify.sh");
        output.ShouldContain("compose");
    }

    Task<(int ExitCode, string Output)> RunAsync(Dictionary<string, string> environment)
    {
        environment["PATH"] = $"{_folder}/programs:{Environment.GetEnvironmentVariable("PATH")}";
        environment["STATE"] = _folder;
        return Shell.RunAsync(["bash", Path.Combine(_folder, "verify.sh"), "compose"], environment);
    }

    void Write(string name, string text)
    {
        var program = Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "programs")).FullName, name);
        File.WriteAllText(program, text.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, (UnixFileMode)0b111_101_101);
    }
}
