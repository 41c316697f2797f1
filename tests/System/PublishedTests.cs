using System.Net;
using System.Net.Http.Json;
using Forewarn.Contracts;

namespace Forewarn.SystemTests;

/// <summary>What <c>./forewarn publish</c> writes runs where there is neither the SDK nor Node.</summary>
[Collection("1 crash")]
public sealed class PublishedTests(ITestOutputHelper output) : IDisposable
{
    static readonly string[] BuildTools = ["dotnet", "node", "npm", "npx", "corepack"];

    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-published-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_published_folder_runs_without_the_SDK_and_without_Node()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("A PATH without the build tools is made with symbolic links.");
            return;
        }
        var published = Path.Combine(_folder, "forewarn");
        var (exitCode, printed) = await Cli.RunAsync(TimeSpan.FromMinutes(10), "publish", "--output", published);
        exitCode.ShouldBe(0, printed);
        // PostgreSQL may run as another user, who must get here.
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);

        await using var platform = await Platform.StartAsync(environment: WithoutBuildTools(), root: published);
        output.WriteLine($"ready after {platform.StartUp.TotalSeconds:0.0} s");
        using var http = new HttpClient();
        (await http.GetStringAsync(platform.Dashboard)).ShouldContain("<div id=\"root\">");
        using var accepted = await http.PostAsJsonAsync(
            new Uri(platform.Door(), "/v1/metrics/json"),
            [new ExternalBatch { Entity = "published", Series = [new ExternalSeries("queue.depth", "{item}")], Rows = [new ExternalRow([42])] }],
            ContractJson.Default.ExternalBatchArray);
        accepted.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await Eventually.Async("the sample is stored", TimeSpan.FromSeconds(30),
            async () => (await http.GetStringAsync(new Uri(platform.Dashboard, "/api/entities"))).Contains("\"published\"", StringComparison.Ordinal), platform.Logs);
    }

    /// <summary>A PATH with everything that this machine has, but for what builds.</summary>
    Dictionary<string, string> WithoutBuildTools()
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder, "programs")).FullName;
        foreach (var program in new[] { "/usr/sbin", "/usr/bin", "/sbin", "/bin" }.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles))
        {
            var name = Path.GetFileName(program);
            if (!BuildTools.Contains(name) && !File.Exists(Path.Combine(programs, name)))
                File.CreateSymbolicLink(Path.Combine(programs, name), program);
        }
        return new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = programs, ["FOREWARN_ROOT"] = "", ["DOTNET_ROOT"] = "" };
    }
}
