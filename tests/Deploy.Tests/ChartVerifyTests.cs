namespace Forewarn.Deploy.Tests;

/// <summary>The flow of <c>deploy/verify-k8s.sh</c> with stand-ins for kubectl, helm and curl; against a cluster it is for whoever has one.</summary>
public sealed class ChartVerifyTests : IDisposable
{
    const string Kubectl = """
        #!/bin/sh
        echo "$*" >>"$STATE/kubectl"
        [ "$1" != --namespace ] || shift 2
        case "$*" in
        "get namespace"*) [ -n "$EXISTED" ] ;;
        "get crd"*) exit "${NO_DAPR:-0}" ;;
        "get secret"*jsonpath*) printf c2VjcmV0 ;;
        "apply"*|"create --filename"*) cat >/dev/null ;;
        "logs verify-hooks") cat "$STATE/kubectl" ;;
        "port-forward"*) exec sleep 60 ;;
        esac
        """;

    const string Helm = """
        #!/bin/sh
        echo "$*" >>"$STATE/helm"
        exit "${HELM:-0}"
        """;

    const string Curl = """
        #!/bin/sh
        all="$*" url=; for word; do url=$word; done
        case $all in
        *write-out*--config*/v1/metrics/json) printf 202 ;;
        *write-out*) printf 401 ;;
        *--config*kind=samples*) echo entity,t; seq "$ROWS" ;;
        *--config*entity=*) echo "{\"items\":[{\"entity\":\"${url##*entity=}\"}]}" ;;
        */api/v1/search*) echo '{"messages_count":1}' ;;
        esac
        """;

    readonly string _folder = Directory.CreateTempSubdirectory("forewarn-verify-").FullName;

    public ChartVerifyTests()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("deploy", "k8s"), "*", SearchOption.AllDirectories)
            .Concat([Repository.PathOf("deploy", "verify-k8s.sh"), Repository.PathOf("deploy", "checks.sh")]))
        {
            var copy = Path.Combine(_folder, "deploy", Path.GetRelativePath(Repository.PathOf("deploy"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        foreach (var (name, text) in new[] { ("kubectl", Kubectl), ("helm", Helm), ("curl", Curl) })
        {
            var file = Path.Combine(_folder, name);
            File.WriteAllText(file, text);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Where_everything_answers_everything_passes_and_the_namespace_goes()
    {
        var said = await RunAsync(("ROWS", "60"));

        said.Exit.ShouldBe(0, said.Output + said.Error);
        said.Output.TrimEnd().Split('\n')[^1].ShouldBe("13 passed, 0 failed");
        var calls = Calls("kubectl");
        foreach (var component in new[] { "history", "stream-processor", "ingestion", "predictor", "alerting", "kafka" })
            calls.ShouldContain($"--namespace forewarn-verify delete pod --selector app.kubernetes.io/instance=forewarn,app.kubernetes.io/component={component} --grace-period 0 --force");
        calls[^1].ShouldBe("delete namespace forewarn-verify --wait=false");
        var install = Calls("helm")[0];
        install.ShouldContain("upgrade --install forewarn forewarn --namespace forewarn-verify --values forewarn/values-small.yaml --values ");
        Calls("helm")[1].ShouldStartWith("test forewarn --namespace forewarn-verify");
    }

    [Fact]
    public async Task What_fails_is_counted_and_a_namespace_that_was_there_stays()
    {
        var said = await RunAsync(("ROWS", "60"), ("HELM", "1"), ("EXISTED", "yes"));

        said.Exit.ShouldBe(1);
        said.Output.TrimEnd().Split('\n')[^1].ShouldBe("11 passed, 2 failed");
        Calls("kubectl").ShouldNotContain(call => call.StartsWith("delete namespace", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cluster_without_Dapr_is_told_so_before_anything_is_made()
    {
        var said = await RunAsync(("NO_DAPR", "1"));

        said.Exit.ShouldBe(2);
        said.Error.ShouldContain("has no Dapr");
        Calls("kubectl").Length.ShouldBe(1);
        File.Exists(Path.Combine(_folder, "state", "helm")).ShouldBeFalse();
    }

    [Fact]
    public async Task Its_values_and_the_profile_make_a_chart_that_tells_by_mail_and_webhook()
    {
        var script = await File.ReadAllTextAsync(Repository.PathOf("deploy", "verify-k8s.sh"), TestContext.Current.CancellationToken);
        var values = script.Split("<<YAML\n")[1].Split("\nYAML")[0];
        var manifests = await Profiles.WithAsync($"kafka: {{ inside: {{ enabled: true }} }}\n{values}");

        manifests.Select(KubernetesTypes.Mistake).OfType<string>().ShouldBeEmpty();
        manifests.ShouldContain(manifest => manifest.Kind == "ConfigMap" && manifest.Name == "forewarn-alerting");
        foreach (var catcher in Manifest.ReadAll(script.Split("<<YAML\n")[2].Split("\nYAML")[0]))
            KubernetesTypes.Mistake(catcher).ShouldBeNull();
    }

    string[] Calls(string program) => File.ReadAllLines(Path.Combine(_folder, "state", program));

    async Task<Rendered> RunAsync(params (string Name, string Value)[] environment)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the script is for a shell");
        var all = environment.ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal);
        all["STATE"] = Directory.CreateDirectory(Path.Combine(_folder, "state")).FullName;
        all["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";
        return await HelmRenderer.ExecuteAsync("bash", [Path.Combine(_folder, "deploy", "verify-k8s.sh")], _folder, all);
    }
}
