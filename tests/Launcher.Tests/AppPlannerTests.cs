using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

public sealed class AppPlannerTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("forewarn-plan-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Replicas_differ_in_ports_and_only_the_first_ingestion_measures_the_host()
    {
        var plans = Planner().Plan([App("ingestion"), App("gateway")], new Dictionary<string, int> { ["ingestion"] = 2 });

        plans.Select(plan => plan.Process.Label).ShouldBe(["ingestion", "ingestion-1", "gateway"]);
        plans.SelectMany(plan => new[] { plan.AppPort, plan.SidecarHttpPort, plan.SidecarGrpcPort }).Distinct().Count().ShouldBe(9);
        plans.Select(plan => plan.Process.Environment["INGESTION__PORT"]).ShouldBe(["7701", "7711", "7701"]);
        plans.Select(plan => plan.Process.Environment["INGESTION__OTLP__GRPCPORT"]).ShouldBe(["4317", "4327", "4317"]);
        plans.Select(plan => plan.Process.Environment["INGESTION__OTLP__HTTPPORT"]).ShouldBe(["4318", "4328", "4318"]);
        plans.Select(plan => plan.Process.Environment.GetValueOrDefault("INGESTION__HOST__ENABLED")).ShouldBe([null, "false", null]);
        plans.Select(plan => plan.Process.Environment["FOREWARN_REPLICA"]).ShouldBe(["0", "1", "0"]);
    }

    [Fact]
    public void The_environment_is_what_dapr_run_sets_over_what_the_shell_has()
    {
        var app = App("predictor", new() { ["OWN"] = "1", ["SHARED"] = "template" });

        var plan = Planner(new() { ["SHARED"] = "shell", ["PATH"] = "/bin" }).Plan([app], new Dictionary<string, int>()).Single();

        var environment = plan.Process.Environment;
        environment["APP_ID"].ShouldBe("predictor");
        environment["APP_PORT"].ShouldBe($"{plan.AppPort}");
        environment["APP_PROTOCOL"].ShouldBe("http");
        environment["DAPR_HTTP_PORT"].ShouldBe($"{plan.SidecarHttpPort}");
        environment["DAPR_GRPC_PORT"].ShouldBe($"{plan.SidecarGrpcPort}");
        environment["SHARED"].ShouldBe("template");
        environment["OWN"].ShouldBe("1");
        environment["PATH"].ShouldBe("/bin");
    }

    [Fact]
    public void Links_in_notifications_lead_to_the_dashboard_unless_the_shell_knows_better()
    {
        var app = App("alerting");

        Planner(ports: new PublicPorts(7900, 7901)).Plan([app], new Dictionary<string, int>()).Single().Process.Environment["ALERTING__PUBLICURL"].ShouldBe("http://127.0.0.1:7900");
        Planner(new() { ["ALERTING__PUBLICURL"] = "https://watch.example.com" }).Plan([app], new Dictionary<string, int>()).Single()
            .Process.Environment["ALERTING__PUBLICURL"].ShouldBe("https://watch.example.com");
    }

    [Fact]
    public void A_project_runs_as_its_built_assembly()
    {
        var app = App("stream-processor");
        File.WriteAllText(Path.Combine(app.Directory, "StreamProcessor.csproj"), "<Project/>");
        var assembly = Path.Combine(_root, "artifacts", "bin", "StreamProcessor", "release", "Forewarn.StreamProcessor.dll");

        Should.Throw<LauncherException>(() => Planner().Plan([app], new Dictionary<string, int>())).Message.ShouldContain($"{assembly} is missing");

        Directory.CreateDirectory(Path.GetDirectoryName(assembly)!);
        File.WriteAllText(assembly, "");
        Planner().Plan([app], new Dictionary<string, int>()).Single().Process.Arguments.ShouldBe([assembly]);
    }

    [Fact]
    public void Replicas_of_an_unknown_app_are_refused_with_the_known_ones() =>
        Should.Throw<LauncherException>(() => Planner().Plan([App("gateway")], new Dictionary<string, int> { ["gatewy"] = 2 }))
            .Message.ShouldBe("--replicas gatewy: there is no such app; there are gateway.");

    AppPlanner Planner(Dictionary<string, string>? environment = null, PublicPorts? ports = null) =>
        new(new Checkout(_root), environment ?? [], ports ?? new PublicPorts(7700, 7701));

    AppDefinition App(string id, Dictionary<string, string>? environment = null)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, id)).FullName;
        return new AppDefinition(id, folder, ["node", "x.mjs"], environment ?? [], "http");
    }
}
