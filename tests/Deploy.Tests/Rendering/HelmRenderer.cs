using System.Diagnostics;
using Forewarn.Testing;

namespace Forewarn.Deploy.Tests;

/// <summary>What rendering a chart gave.</summary>
/// <param name="Exit">0 when it could be rendered.</param>
/// <param name="Output">The objects.</param>
/// <param name="Error">Why it could not.</param>
sealed record Rendered(int Exit, string Output, string Error);

/// <summary>
/// <c>helm template</c>: Helm itself where the machine has it, else <c>render/</c>, which is built of the same libraries from
/// Debian's packages.
/// </summary>
static class HelmRenderer
{
    /// <summary>Go and what <c>render/</c> imports, with what that imports; <c>apt-get download</c> follows no dependencies.</summary>
    static readonly string[] Packages =
    [
        "golang-1.19-go", "golang-1.19-src", "golang-github-masterminds-sprig-dev", "golang-github-masterminds-semver-dev",
        "golang-github-masterminds-goutils-dev", "golang-github-google-uuid-dev", "golang-github-huandu-xstrings-dev",
        "golang-github-imdario-mergo-dev", "golang-github-mitchellh-copystructure-dev", "golang-github-mitchellh-reflectwalk-dev",
        "golang-github-shopspring-decimal-dev", "golang-github-spf13-cast-dev", "golang-golang-x-crypto-dev", "golang-gopkg-yaml.v2-dev",
        "golang-gopkg-yaml.v3-dev", "golang-k8s-sigs-yaml-dev", "golang-github-xeipuuv-gojsonschema-dev",
        "golang-github-xeipuuv-gojsonreference-dev", "golang-github-xeipuuv-gojsonpointer-dev",
    ];

    static readonly SemaphoreSlim _one = new(1, 1);
    static string? _own;

    public static string Chart { get; } = Path.Combine(Checkout.Root, "deploy", "k8s", "forewarn");

    /// <summary>Renders the chart, or another folder in its place, with files of values; the test is skipped where nothing can.</summary>
    public static async Task<Rendered> RunAsync(string? chart, params IReadOnlyCollection<string> valueFiles)
    {
        chart ??= Chart;
        if (OnPath("helm") is { } helm)
        {
            return await ExecuteAsync(
                helm, ["template", "forewarn", chart, "--namespace", "forewarn", "--kube-version", "v1.31.0", .. valueFiles.SelectMany(file => (string[])["--values", file])]);
        }
        var own = await OwnAsync();
        Assert.SkipWhen(own is null, "neither helm nor apt, which would bring Go and the libraries that Helm is made of");
        return await ExecuteAsync(own!, [chart, .. valueFiles]);
    }

    static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    static async Task<string?> OwnAsync()
    {
        await _one.WaitAsync();
        try
        {
            return _own ??= await BuildAsync();
        }
        finally
        {
            _one.Release();
        }
    }

    static async Task<string?> BuildAsync()
    {
        if (await DebianProgram.FolderAsync("helm-libraries", Packages) is not { } libraries)
            return null;
        var target = Path.Combine(Checkout.Root, "artifacts", "programs", "helm-render");
        var root = Path.Combine(libraries, "usr", "lib", "go-1.19");
        var built = await ExecuteAsync(
            Path.Combine(root, "bin", "go"), ["build", "-o", target, "."], Path.Combine(Checkout.Root, "tests", "Deploy.Tests", "render"),
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["GOROOT"] = root,
                ["GOPATH"] = Path.Combine(libraries, "usr", "share", "gocode"),
                ["GOCACHE"] = Path.Combine(Checkout.Root, "artifacts", "programs", "go-cache"),
                ["GO111MODULE"] = "off",
                ["CGO_ENABLED"] = "0",
                ["GOENV"] = "off",
                ["GOFLAGS"] = "",
            });
        return built.Exit == 0 ? target : throw new InvalidOperationException($"tests/Deploy.Tests/render does not build: {built.Error}");
    }

    public static async Task<Rendered> ExecuteAsync(
        string program, IEnumerable<string> arguments, string? folder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder ?? "", RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}
