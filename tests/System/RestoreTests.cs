using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.SystemTests;

/// <summary>docs/backup.md: the copy it describes is a platform again, with everything that was in it.</summary>
[Collection("1 restore")]
public sealed class RestoreTests(ITestOutputHelper output) : IDisposable
{
    const int Samples = 60;
    static readonly Dictionary<string, string> Quiet = new(StringComparer.Ordinal) { ["INGESTION__HOST__ENABLED"] = "false", ["SELFMETRICS__ENABLED"] = "false" };

    readonly string _before = Directory.CreateTempSubdirectory("forewarn-restore-").FullName;
    readonly string _after = Directory.CreateTempSubdirectory("forewarn-restore-").FullName;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Directory.Delete(_before, recursive: true);
        Directory.Delete(_after, recursive: true);
    }

    [Fact]
    public async Task A_copy_made_as_the_guide_says_has_history_silences_incidents_and_models_and_goes_on()
    {
        Kept kept;
        var from = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (Samples * 1000);
        await using (var platform = await Platform.StartAsync(environment: Quiet, data: Path.Combine(_before, ".forewarn")))
        {
            await FillAsync(platform, from);
            kept = await Kept.ReadAsync(platform, from);
            platform.Launcher.Signal(Signals.Terminate);
            await platform.Launcher.WaitAsync(TimeSpan.FromSeconds(20));
        }
        kept.Samples.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(Samples + 1, kept.Samples);
        kept.Silences.ShouldContain("kept by the backup");
        kept.Incidents.ShouldEndWith("Open");
        kept.Models.Split('\n').Length.ShouldBeGreaterThan(1, "the first model and the one that was trained");

        var (backup, restore) = Commands();
        await ShellAsync(backup, _before);
        File.Move(Path.Combine(_before, Archive), Path.Combine(_after, Archive));
        Directory.Delete(Path.Combine(_before, ".forewarn"), recursive: true);
        await ShellAsync(restore, _after);

        await using var copy = await Platform.StartAsync(environment: Quiet, data: Path.Combine(_after, ".forewarn"));
        output.WriteLine($"ready on the copy after {copy.StartUp.TotalSeconds:0.0} s");
        (await Kept.ReadAsync(copy, from)).ShouldBe(kept);
        await GoesOnAsync(copy, from, kept.Deciding!);
    }

    const string Archive = "forewarn-backup.tar.gz";

    /// <summary>Samples, a silence, an incident that stays open, and a model that was trained.</summary>
    static async Task FillAsync(Platform platform, long from)
    {
        await SendAsync(platform, Enumerable.Range(0, Samples).Select(i => new ExternalRow([i + 0.25], from + (i * 1000))));
        using var http = new HttpClient { BaseAddress = platform.Dashboard };
        using var silence = await http.PostAsync("/api/silences", new StringContent(
            $$"""{"kind":"silence","match":{"entities":["quiet-*"]},"to":{{from + 86_400_000}},"reason":"kept by the backup","who":"test"}""", System.Text.Encoding.UTF8, "application/json"), Token);
        silence.IsSuccessStatusCode.ShouldBeTrue(await silence.Content.ReadAsStringAsync(Token));
        using (var door = await DetectionDoor.OpenAsync(platform))
            await door.PublishAsync([AlertingPlatform.Told("open-incident")], Token);
        await Eventually.Async("the incident is stored", TimeSpan.FromSeconds(30), async () => (await platform.IncidentsAsync("open-incident")).Count == 1, platform.Logs);
        var (exit, trained) = await Cli.RunAsync(TimeSpan.FromSeconds(90), "train", "--kind", "half-space-trees", "--data", platform.Data);
        exit.ShouldBe(0, trained);
        await Eventually.Async("the samples are stored", TimeSpan.FromSeconds(30), async () => (await Kept.SamplesAsync(http, from)).Count(c => c == '\n') > Samples, platform.Logs);
    }

    /// <summary>What is sent to the copy is stored beside the rest and scored by the model, whose file must be there for that; the incident still takes what people say.</summary>
    static async Task GoesOnAsync(Platform copy, long from, string model)
    {
        using var http = new HttpClient { BaseAddress = copy.Dashboard };
        await Eventually.Async("new samples are stored and scored by the model of before", TimeSpan.FromSeconds(60), async () =>
        {
            await SendAsync(copy, [new ExternalRow([7])]);
            return (await Kept.SamplesAsync(http, from)).Count(c => c == '\n') > Samples + 1
                && (await Kept.ExportAsync(http, "scores", from + (Samples * 1000))).Contains($",{model},", StringComparison.Ordinal);
        }, copy.Logs);
        var incident = (await copy.IncidentsAsync("open-incident")).ShouldHaveSingleItem();
        var (exit, said) = await Cli.RunAsync(TimeSpan.FromSeconds(30), "alerts", "ack", incident.Id, "--data", copy.Data);
        exit.ShouldBe(0, said);
        await Eventually.Async("the incident is acknowledged", TimeSpan.FromSeconds(30),
            async () => (await copy.IncidentsAsync("open-incident")) is [{ Status: IncidentStatus.Acknowledged }], copy.Logs);
    }

    static async Task SendAsync(Platform platform, IEnumerable<ExternalRow> rows)
    {
        using var http = new HttpClient();
        ExternalBatch[] batches = [new() { Entity = "kept", Series = [new ExternalSeries("kept.number", "{number}")], Rows = [.. rows] }];
        using var response = await http.PostAsJsonAsync(new Uri(platform.Door(), "/v1/metrics/json"), batches, ContractJson.Default.ExternalBatchArray, Token);
        response.IsSuccessStatusCode.ShouldBeTrue(await response.Content.ReadAsStringAsync(Token));
    }

    /// <summary>The two commands of the guide that copy; what stands around them is done by the test.</summary>
    static (string Backup, string Restore) Commands()
    {
        var lines = File.ReadAllLines(Path.Combine(Checkout.Root, "docs", "backup.md")).Where(line => line.StartsWith("tar ", StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(2);
        lines.ShouldAllBe(line => line.Contains(Archive, StringComparison.Ordinal));
        return (lines[0], lines[1]);
    }

    static async Task ShellAsync(string command, string folder)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = folder, RedirectStandardError = true })!;
        var said = await shell.StandardError.ReadToEndAsync(Token);
        await shell.WaitForExitAsync(Token);
        shell.ExitCode.ShouldBe(0, said);
    }

    /// <summary>What a platform holds, as its API tells it.</summary>
    /// <param name="Samples">As CSV.</param>
    /// <param name="Silences">Id, reason and end of each.</param>
    /// <param name="Incidents">Id, revision and status of each.</param>
    /// <param name="Models">Version, state, size and SHA-256 of each.</param>
    /// <param name="Deciding">The version that the predictor uses.</param>
    sealed record Kept(string Samples, string Silences, string Incidents, string Models, string? Deciding)
    {
        public static async Task<Kept> ReadAsync(Platform platform, long from)
        {
            using var http = new HttpClient { BaseAddress = platform.Dashboard };
            Kept? read = null;
            await Eventually.Async("a model decides", TimeSpan.FromSeconds(60), async () =>
            {
                read = new Kept(
                    await SamplesAsync(http, from),
                    await ListAsync(http, "/api/silences", "id", "reason", "to"),
                    string.Join('\n', (await platform.IncidentsAsync("open-incident")).Select(one => $"{one.Id} {one.Revision} {one.Status}")),
                    await ListAsync(http, "/api/models", "version", "state", "sizeBytes", "sha256"),
                    (await platform.TryStatusAsync())?.Model);
                return read.Deciding is { } version && read.Models.Contains($"{version} champion", StringComparison.Ordinal);
            }, platform.Logs);
            return read!;
        }

        public static Task<string> SamplesAsync(HttpClient http, long from) => ExportAsync(http, "samples", from);

        /// <summary>An hour of the entity, as CSV.</summary>
        public static Task<string> ExportAsync(HttpClient http, string kind, long from) => http.GetStringAsync(
            string.Create(CultureInfo.InvariantCulture, $"/api/export?kind={kind}&entity=kept&from={from}&to={from + HourMs}&format=csv"), Token);

        const long HourMs = 3_600_000;

        static async Task<string> ListAsync(HttpClient http, string path, params string[] members)
        {
            using var page = JsonDocument.Parse(await http.GetStringAsync(path, Token));
            return string.Join('\n', page.RootElement.GetProperty("items").EnumerateArray()
                .Select(item => string.Join(' ', members.Select(member => item.GetProperty(member).ToString()))).Order(StringComparer.Ordinal));
        }
    }
}
