using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Forewarn.Deploy.Tests;

/// <summary>Whoever is reached under a port listens there.</summary>
public sealed class ComposePortTests
{
    public static TheoryData<string> Apps => [.. ComposeServices.Apps];

    [Fact]
    public void Nothing_is_published_beyond_loopback()
    {
        var published = ComposeFile.Names.SelectMany(name => ComposeFile.Load(name)["services"]!.AsObject())
            .SelectMany(service => ComposeServices.Texts(service.Value!.AsObject(), "ports")).ToList();

        published.Count.ShouldBeGreaterThan(5);
        published.ShouldAllBe(port => port.StartsWith("127.0.0.1:", StringComparison.Ordinal));
    }

    [Fact]
    public void The_dashboard_answers_on_one_port() =>
        ComposeServices.Texts(ComposeServices.All[ComposeServices.PodOf("gateway")], "ports").ShouldHaveSingleItem().ShouldBe("127.0.0.1:${FOREWARN_PORT:-7700}:7700");

    [Theory]
    [InlineData("gateway", "GATEWAY__ADDRESS", "GATEWAY__PORT")]
    [InlineData("ingestion", "INGESTION__ADDRESS", "INGESTION__PORT", "INGESTION__OTLP__GRPCPORT", "INGESTION__OTLP__HTTPPORT")]
    public void Published_ports_are_those_that_the_service_is_told(string app, string address, params string[] ports)
    {
        var environment = ComposeServices.EnvironmentOf(app);

        environment[address].ShouldBe("0.0.0.0");
        var published = ComposeServices.Texts(ComposeServices.All[ComposeServices.PodOf(app)], "ports").Select(port => port[(port.LastIndexOf(':') + 1)..]).ToList();
        published.ShouldBe(ports.Select(port => environment[port]), ignoreOrder: true);
        // Outside as inside, unless .env says otherwise: what docs name is right here too.
        published.ShouldBe(ports.Select(ConfigTable.DefaultOf), ignoreOrder: true);
    }

    [Theory]
    [MemberData(nameof(Apps))]
    public void A_service_and_its_sidecar_share_a_network_and_agree_on_ports(string app)
    {
        var (sidecar, network) = (ComposeServices.SidecarOf(app), $"service:{ComposeServices.PodOf(app)}");
        ComposeServices.All[app]["network_mode"]!.ToString().ShouldBe(network);
        ComposeServices.All[sidecar]["network_mode"]!.ToString().ShouldBe(network);
        ComposeServices.Texts(ComposeServices.All[ComposeServices.PodOf(app)]["networks"]!["default"]!.AsObject(), "aliases").ShouldBe([app]);

        var environment = ComposeServices.EnvironmentOf(app);
        ComposeServices.Flag(sidecar, "--app-id").ShouldBe(app);
        ComposeServices.Flag(sidecar, "--app-port").ShouldBe(environment["APP_PORT"]);
        ComposeServices.Flag(sidecar, "--dapr-http-port").ShouldBe(environment["DAPR_HTTP_PORT"]);
        ComposeServices.Flag(sidecar, "--dapr-grpc-port").ShouldBe(environment["DAPR_GRPC_PORT"]);
        ComposeServices.Flag(sidecar, "--dapr-listen-addresses").ShouldBe("127.0.0.1");
        foreach (var token in new[] { "DAPR_API_TOKEN", "APP_API_TOKEN" })
            environment[token].ShouldBe(ComposeServices.EnvironmentOf(sidecar)[token]);
    }

    [Fact]
    public void Every_service_of_the_run_template_is_there()
    {
        var template = (JsonObject)ComposeFile.ToJson(ComposeFile.Yaml(Path.Combine(Checkout.Root, "dapr.yaml")))!;

        template["apps"]!.AsArray().Select(app => app!["appID"]!.ToString()).Order(StringComparer.Ordinal).ShouldBe(ComposeServices.Apps.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Whoever_is_called_by_name_is_there()
    {
        var names = ComposeServices.All.Keys.Concat(ComposeServices.Apps).ToHashSet(StringComparer.Ordinal);
        var prometheus = (JsonObject)ComposeFile.ToJson(ComposeFile.Yaml(Path.Combine(ComposeFile.Folder, "prometheus.yaml")))!;
        var targets = prometheus["scrape_configs"]!.AsArray().SelectMany(job => job!["static_configs"]!.AsArray()).SelectMany(group => ComposeServices.Texts(group!.AsObject(), "targets")).ToList();

        targets.Select(target => target.Split(':')[0]).Where(host => host != "localhost" && !names.Contains(host)).ShouldBeEmpty();
        foreach (var app in ComposeServices.Apps)
            targets.ShouldContain($"{app}:{ComposeServices.Flag(ComposeServices.SidecarOf(app), "--metrics-port")}");
        string[] addresses =
        [
            ComposeServices.Flag(ComposeServices.SidecarOf("history"), "--placement-host-address"), ComposeServices.Flag(ComposeServices.SidecarOf("history"), "--scheduler-host-address"),
            ComposeServices.EnvironmentOf(ComposeServices.SidecarOf("history"))["KAFKA_BROKERS"],
            ComposeServices.EnvironmentOf("grafana")["FOREWARN_POSTGRES_ADDRESS"], new Uri(ComposeServices.EnvironmentOf("grafana")["FOREWARN_PROMETHEUS_URL"]).Authority,
        ];
        addresses.Select(address => address.Split(':')[0]).ShouldAllBe(host => names.Contains(host));
        ComposeServices.EnvironmentOf("kafka")["KAFKA_ADVERTISED_LISTENERS"].ShouldContain(ComposeServices.EnvironmentOf(ComposeServices.SidecarOf("history"))["KAFKA_BROKERS"]);
        ComposeServices.Flag("placement", "--port").ShouldBe(ComposeServices.Flag(ComposeServices.SidecarOf("history"), "--placement-host-address").Split(':')[1]);
    }

    [Fact]
    public void What_runs_outside_finds_placement_scheduler_and_broker_where_they_say_they_are()
    {
        var services = ComposeFile.Load("infra.yaml")["services"]!.AsObject();

        services["kafka"]!["ports"]![0]!.ToString().ShouldBe("127.0.0.1:9092:9092");
        ComposeServices.EnvironmentOf("kafka")["KAFKA_ADVERTISED_LISTENERS"].ShouldContain("HOST://127.0.0.1:9092");
        ComposeServices.Texts(services["scheduler"]!.AsObject(), "command").ShouldContain("localhost:50006");
        services["scheduler"]!["ports"]![0]!.ToString().ShouldBe("127.0.0.1:50006:50006");
        // What it is told there is otherwise what it is told here.
        ComposeServices.Texts(services["scheduler"]!.AsObject(), "command").Select(word => word.Replace("localhost:", "scheduler:", StringComparison.Ordinal))
            .ShouldBe(ComposeServices.Texts(ComposeServices.All["scheduler"], "command"));
        foreach (var name in services.Select(service => service.Key))
            ComposeServices.ProfilesOf(name).ShouldContain("infra");
    }

    [Fact]
    public void Grafana_is_told_everything_that_its_data_sources_refer_to()
    {
        var text = File.ReadAllText(Path.Combine(Checkout.Root, "deploy", "grafana", "provisioning", "datasources", "forewarn.yaml"));
        var variables = Regex.Matches(text, @"(?<=\$\{?)FOREWARN_[A-Z_]+", RegexOptions.None, TimeSpan.FromSeconds(1)).Select(match => match.Value).Distinct(StringComparer.Ordinal).ToList();

        variables.Count.ShouldBe(5);
        variables.Where(variable => !ComposeServices.EnvironmentOf("grafana").ContainsKey(variable)).ShouldBeEmpty();
        // The boards' folder is where the provisioning looks for them.
        var providers = (JsonObject)ComposeFile.ToJson(ComposeFile.Yaml(Path.Combine(Checkout.Root, "deploy", "grafana", "provisioning", "dashboards", "forewarn.yaml")))!;
        var folder = providers["providers"]![0]!["options"]!["path"]!.ToString();
        ComposeServices.Texts(ComposeServices.All["grafana"], "volumes").ShouldContain($"../grafana/boards:{folder}:ro");
    }
}
