using System.Text.Json.Nodes;
using System.Xml.Linq;
using Forewarn.Testing;

namespace Forewarn.Deploy.Tests;

/// <summary>Values are documented, checked, and a mistake in them is told by its name.</summary>
public sealed class ChartValuesTests
{
    static readonly JsonObject Schema = (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(HelmRenderer.Chart, "values.schema.json")))!;

    [Fact]
    public void Every_value_says_what_it_does_and_the_schema_says_the_same()
    {
        var values = YamlJson.Read(File.ReadAllText(Path.Combine(HelmRenderer.Chart, "values.yaml")))[0];
        var comments = Comments();
        var mistakes = new List<string>();

        Compare(values.AsObject(), Schema, []);
        mistakes.ShouldBeEmpty();
        comments.Count.ShouldBeGreaterThan(100);

        void Compare(JsonObject map, JsonObject schema, string[] above)
        {
            foreach (var (key, value) in map)
            {
                string[] path = [.. above, key];
                var name = string.Join('.', path);
                if (Resolve(schema)["properties"]?[key] is not JsonObject own)
                {
                    mistakes.Add($"values.schema.json has no {name}");
                    continue;
                }
                var comment = comments.GetValueOrDefault(name, "");
                if (((string?)own["description"] ?? "") != comment)
                    mistakes.Add($"{name}: the schema says \"{own["description"]}\"");
                // Sections with values of their own below need no sentence.
                if (comment.Length == 0 && value is not JsonObject { Count: > 0 })
                    mistakes.Add($"{name} has no comment");
                // Services repeat keys of `defaults`, whose comments hold for them; what is asked of a machine needs no words.
                if (value is JsonObject { Count: > 0 } below && above is not ["services"] && key is not ("requests" or "limits") && Resolve(own)["properties"] is not null)
                    Compare(below, own, path);
            }
        }
    }

    [Fact]
    public void The_schema_is_closed_so_that_a_misspelt_value_is_refused() =>
        Manifest.Below(Schema).Where(node => node["properties"] is JsonObject && node["additionalProperties"]?.GetValueKind() != System.Text.Json.JsonValueKind.False)
            .Select(node => node.GetPath()).ShouldBeEmpty();

    [Theory]
    [InlineData("{}", "kafka.brokers is empty")]
    [InlineData("kafka: { brokers: kafka }", "kafka.brokers")]
    [InlineData("kafka: { brokers: 'k:1', broker: x }", "broker")]
    [InlineData("{ kafka: { brokers: 'k:1' }, image: { tag: 1 } }", "image.tag")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { predicter: { replicas: 2 } } }", "predicter")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { predictor: { replica: 2 } } }", "replica")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { predictor: { replicas: 13 } } }", "services.predictor: 13 pods are more than the 12 partitions")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { predictor: { autoscaling: { by: lag, min: 4, max: 3 } } } }", "services.predictor.autoscaling: min 4 is more than max 3")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { gateway: { autoscaling: { by: lag } } } }", "services.gateway.autoscaling.by: it reads no topic")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { history: { terminationGracePeriodSeconds: 5 } } }", "must be more than dapr.blockShutdownSeconds, 10")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { gateway: { env: { GATEWAY__PORT: '80' } } } }", "services.gateway: the variable GATEWAY__PORT is set twice")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { gateway: { env: { GATEWAY__MAXSTREAMS: 5 } } } }", "GATEWAY__MAXSTREAMS")]
    [InlineData("{ kafka: { brokers: 'k:1' }, services: { ingestion: { replicas: 2, env: { INGESTION__PROBES__0__NAME: x } } } }", "every target would be asked as often as there are pods")]
    [InlineData("{ kafka: { brokers: 'k:1', sasl: { mechanism: PLAIN } } }", "kafka.sasl.secret is empty")]
    [InlineData("{ kafka: { brokers: 'k:1', sasl: { mechanism: GSSAPI } } }", "kafka.sasl.mechanism")]
    [InlineData("{ kafka: { brokers: 'k:1', tls: { caSecret: ca } } }", "set kafka.tls.enabled")]
    [InlineData("{ kafka: { brokers: 'k:1', tls: { enabled: true } } }", "Dapr speaks TLS only with a sign-in")]
    [InlineData("{ kafka: { brokers: 'k:1', tls: { enabled: true, clientSecret: c } } }", "mutual TLS needs the brokers' authority")]
    [InlineData("{ kafka: { brokers: 'k:1', tls: { enabled: true, clientSecret: c, caSecret: a }, sasl: { mechanism: PLAIN, secret: s } } }", "two ways to sign in")]
    [InlineData("{ kafka: { brokers: 'k:1' }, modelStore: { kind: s3 } }", "modelStore.s3.bucket is empty")]
    [InlineData("{ kafka: { brokers: 'k:1' }, postgres: { secret: '' } }", "postgres.secret is empty")]
    [InlineData("{ kafka: { brokers: 'k:1' }, gateway: { accessTokenSecret: '' } }", "gateway.accessTokenSecret is empty")]
    [InlineData("{ kafka: { brokers: 'k:1' }, dapr: { apiTokenSecret: '' } }", "dapr.apiTokenSecret is empty")]
    [InlineData("{ kafka: { brokers: 'k:1' }, ingestion: { keys: [] } }", "ingestion.keys is empty")]
    [InlineData("{ kafka: { brokers: 'k:1' }, ingress: { enabled: true } }", "ingress.host is empty")]
    [InlineData("{ kafka: { brokers: 'k:1' }, monitoring: { podMonitors: { enabled: true } } }", "podMonitors")]
    [InlineData("{ kafka: { brokers: 'k:1' }, monitoring: { podMonitor: { enabled: true, interval: 15 } } }", "monitoring.podMonitor.interval")]
    [InlineData("{ kafka: { brokers: 'k:1' }, monitoring: { serviceMonitor: { enabled: true } }, networkPolicy: { gatewayFrom: [{ podSelector: {} }] } }", "name the namespace of Prometheus")]
    [InlineData("{ kafka: { brokers: 'k:1' }, telemetry: { otlpEndpoint: 'http://p:9090/api/v1/otlp', otlpProtocol: http/protobuf } }", "set telemetry.traces=false")]
    [InlineData("{ kafka: { brokers: 'k:1' }, components: { metadata: { telemetri: { a: b } } } }", "components.metadata.telemetri: there is no such component")]
    public async Task A_mistake_is_refused_with_its_name_and_what_to_do(string values, string message)
    {
        var rendered = await Profiles.TryAsync(values);

        rendered.Exit.ShouldNotBe(0);
        rendered.Error.ShouldContain(message);
    }

    [Fact]
    public void The_chart_has_the_version_of_what_it_installs()
    {
        var chart = YamlJson.Read(File.ReadAllText(Path.Combine(HelmRenderer.Chart, "Chart.yaml")))[0];
        var version = XDocument.Load(Path.Combine(Checkout.Root, "Directory.Build.props")).Descendants("Version").Single().Value;

        ((string?)chart["appVersion"]).ShouldBe(version);
    }

    static JsonObject Resolve(JsonObject schema) => schema["$ref"] is null ? schema : Schema["definitions"]!["service"]!.AsObject();

    /// <summary>The comments right above each key of values.yaml, by the key's path.</summary>
    static Dictionary<string, string> Comments()
    {
        var comments = new Dictionary<string, string>(StringComparer.Ordinal);
        var (path, pending) = (new List<string>(), new List<string>());
        foreach (var line in File.ReadLines(Path.Combine(HelmRenderer.Chart, "values.yaml")))
        {
            var text = line.TrimStart();
            if (text.StartsWith("# ", StringComparison.Ordinal))
            {
                pending.Add(text[2..]);
                continue;
            }
            if (text.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && text[0] is not '-')
            {
                var depth = (line.Length - text.Length) / 2;
                path = [.. path.Take(depth), text[..colon]];
                comments[string.Join('.', path)] = string.Join(' ', pending);
            }
            pending.Clear();
        }
        return comments;
    }
}
