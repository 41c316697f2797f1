using System.Text.RegularExpressions;

namespace Forewarn.Deploy.Tests;

/// <summary>Every variable that compose.yaml names is one that somebody reads.</summary>
public sealed partial class ComposeSettingsTests
{
    /// <summary>Read by the libraries that services are built on: Dapr's contract with an app, OpenTelemetry's specification.</summary>
    static readonly string[] OfLibraries = ["APP_PORT", "DAPR_HTTP_PORT", "DAPR_GRPC_PORT"];

    static readonly string[] Secrets =
        ["POSTGRES_PASSWORD", "DAPR_API_TOKEN", "APP_API_TOKEN", "GATEWAY__ACCESSTOKEN", "FOREWARN_API_KEY", "FOREWARN_API_KEY_SHA256", "GRAFANA_PASSWORD", "READER_PASSWORD"];

    public static TheoryData<string> Apps => [.. ComposeServices.Apps];

    [Theory]
    [MemberData(nameof(Apps))]
    public void Services_are_given_settings_that_they_have(string app)
    {
        var known = ConfigTable.Of(app).Concat(OfLibraries).ToHashSet(StringComparer.Ordinal);

        ComposeServices.EnvironmentOf(app).Keys.Where(variable => !known.Contains(variable)).ShouldBeEmpty();
    }

    [Fact]
    public void A_setting_of_another_service_is_not_one_of_this() => ConfigTable.Of("alerting").ShouldNotContain("GATEWAY__PORT");

    [Theory]
    [MemberData(nameof(Apps))]
    public void Sidecars_are_given_what_components_read_and_their_tokens(string app)
    {
        var known = ComposeComponentTests.References().Select(reference => reference.Variable).Concat(["DAPR_API_TOKEN", "APP_API_TOKEN"]).ToHashSet(StringComparer.Ordinal);

        ComposeServices.EnvironmentOf(ComposeServices.SidecarOf(app)).Keys.Where(variable => !known.Contains(variable)).ShouldBeEmpty();
    }

    [Fact]
    public void Whatever_may_be_set_from_outside_is_in_the_example_and_the_other_way_round()
    {
        var used = ComposeFile.Names.SelectMany(name => ComposeFile.References(File.ReadAllText(Path.Combine(ComposeFile.Folder, name))))
            .Select(reference => reference.Name).Distinct(StringComparer.Ordinal);

        var offered = Example().Keys.Where(name => name != "COMPOSE_PROFILES");

        offered.Order(StringComparer.Ordinal).ShouldBe(used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Secrets_have_no_value_in_any_file_and_are_asked_for()
    {
        var references = ComposeFile.References(File.ReadAllText(Path.Combine(ComposeFile.Folder, "compose.yaml"))).ToList();

        references.Where(reference => reference.Required).Select(reference => reference.Name).Distinct(StringComparer.Ordinal)
            .ShouldBe(Secrets, ignoreOrder: true);
        var example = Example();
        foreach (var secret in Secrets)
        {
            references.Where(reference => reference.Name == secret).ShouldAllBe(reference => reference.Required);
            example[secret].ShouldBe("", secret);
        }
        // And nothing that looks like one is written out.
        var written = ComposeServices.All.Keys.SelectMany(service => ComposeServices.EnvironmentOf(service))
            .Where(pair => Secret().IsMatch(pair.Key) && pair.Value.Length > 0 && !pair.Value.Contains("${", StringComparison.Ordinal)).Select(pair => pair.Key);
        written.ShouldBeEmpty();
    }

    /// <summary>With and without a comment sign before them.</summary>
    static Dictionary<string, string> Example() => File.ReadLines(Path.Combine(ComposeFile.Folder, ".env.example"))
        .Select(line => Assignment().Match(line)).Where(match => match.Success)
        .ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.Ordinal);

    [GeneratedRegex(@"^#?(?<name>[A-Z][A-Za-z0-9_]*)=(?<value>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assignment();

    [GeneratedRegex("PASSWORD|TOKEN|SHA256|API_KEY|SECRET|AUTHORIZATION", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Secret();
}
