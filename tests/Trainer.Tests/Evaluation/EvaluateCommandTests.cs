using System.Text.Json;

namespace Forewarn.Trainer.Tests.Evaluation;

public sealed class EvaluateCommandTests : IDisposable
{
    readonly LabelledFolder _data = new();
    readonly StringWriter _output = new();
    readonly StringWriter _errors = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task It_prints_tables_and_writes_JSON_and_a_page_that_says_the_same()
    {
        _data.AddSeries("set", "one", 1);
        _data.AddNab();
        var (json, page) = (Path.Combine(_data.Root, "report.json"), Path.Combine(_data.Root, "report.md"));
        (await RunAsync(Path.Combine(_data.Root, "set"), Path.Combine(_data.Root, "nab"), "--baseline", "--json", json, "--page", page)).ShouldBe(ExitCodes.Success, _errors.ToString());

        _output.ToString().ShouldContain("set: 1 series, 600 points, 1 events");
        _output.ToString().ShouldContain("reward_low_FP_rate");
        _errors.ToString().ShouldContain("12 of 12 runs over a series done");
        var report = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(json, TestContext.Current.CancellationToken), EvaluationJson.Default.EvaluationReport).ShouldNotBeNull();
        report.Detectors.Select(detector => detector.Name).ShouldBe(["forewarn", "isolation-forest", "windowed-gaussian", "static-threshold", "k-means-consensus", "pca-residual"]);
        (await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken)).ShouldBe(ReportPage.Markdown(report, "report"));
        File.Exists(Path.Combine(_data.Root, "report", "set.svg")).ShouldBeTrue();

        File.Delete(page);
        (await RunAsync("--from", json, "--page", page)).ShouldBe(ExitCodes.Success, _errors.ToString());
        File.Exists(page).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Which data?")]
    [InlineData("--frobnicate is no option", "x", "--frobnicate")]
    [InlineData("--json needs a value", "x", "--json")]
    [InlineData("--json needs a value", "x", "--json", "--baseline")]
    [InlineData("is no folder", "/absent/folder")]
    [InlineData("there is no folder /absent; make it first", ".", "--json", "/absent/report.json")]
    [InlineData("there is no folder /absent; make it first", "--from", "report.json", "--page", "/absent/report.md")]
    [InlineData("'magic' is no detector; known are forewarn,", ".", "--only", "magic")]
    [InlineData("1 to 86400 seconds", "x", "--cadence", "smd=often")]
    [InlineData("takes --page and nothing else", "--from", "x.json")]
    [InlineData("is no report", "--from", "/absent/file.json", "--page", "page.md")]
    public async Task What_cannot_be_done_is_said_with_the_usage_and_exit_code_two(string expected, params string[] args)
    {
        (await RunAsync(args)).ShouldBe(ExitCodes.BadArguments);
        _errors.ToString().ShouldContain(expected);
        _errors.ToString().ShouldContain("Usage: ./forewarn evaluate");
        _output.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task Help_is_no_error()
    {
        (await RunAsync("--help")).ShouldBe(ExitCodes.Success);
        _output.ToString().ShouldContain("--baseline");
        _errors.ToString().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_committed_page_is_what_its_JSON_gives()
    {
        var docs = Docs();
        var report = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(docs, "evaluation.json"), TestContext.Current.CancellationToken), EvaluationJson.Default.EvaluationReport).ShouldNotBeNull();
        const string remedy = "run `./forewarn evaluate --from docs/evaluation.json --page docs/evaluation.md`";
        (await File.ReadAllTextAsync(Path.Combine(docs, "evaluation.md"), TestContext.Current.CancellationToken)).ShouldBe(ReportPage.Markdown(report, "evaluation"), remedy);
        foreach (var (name, svg) in ReportPage.Plots(report))
            (await File.ReadAllTextAsync(Path.Combine(docs, "evaluation", name), TestContext.Current.CancellationToken)).ShouldBe(svg, remedy);
    }

    static string Docs()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Forewarn.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("No checkout above the tests.");
        return Path.Combine(folder.FullName, "docs");
    }

    Task<int> RunAsync(params string[] args) =>
        new EvaluateCommand(_output, _errors, TimeProvider.System).RunAsync(args, TestContext.Current.CancellationToken);
}
