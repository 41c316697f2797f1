using System.Text.RegularExpressions;
using CsCheck;
using Forewarn.Contracts;
using static Forewarn.Alerting.Tests.Routing.RoutingSamples;

namespace Forewarn.Alerting.Tests.Routing;

public sealed class AlertMatchingTests
{
    [Fact]
    public void What_is_absent_matches_all() => AlertMatching.Matches(new AlertMatch(), Incident()).ShouldBeTrue();

    [Fact]
    public void What_is_there_must_hold_together()
    {
        var incident = Incident("web-1", IncidentSeverity.Critical, DetectionKind.Spike) with { Labels = Labels("team", "payments-eu") };
        var match = new AlertMatch
        {
            Entity = "web-*",
            Labels = Labels("team", "payments-*"),
            Severity = [IncidentSeverity.Warning, IncidentSeverity.Critical],
            Kind = [DetectionKind.Spike],
        };

        AlertMatching.Matches(match, incident).ShouldBeTrue();
        AlertMatching.Matches(match with { Entity = "web" }, incident).ShouldBeFalse();
        AlertMatching.Matches(match with { Labels = Labels("team", "payments") }, incident).ShouldBeFalse();
        AlertMatching.Matches(match with { Labels = Labels("rack", "*") }, incident).ShouldBeFalse();
        AlertMatching.Matches(match with { Severity = [IncidentSeverity.Info] }, incident).ShouldBeFalse();
        AlertMatching.Matches(match with { Kind = [DetectionKind.Joint] }, incident).ShouldBeFalse();
    }

    [Fact]
    public void An_incident_of_several_entities_matches_if_any_of_them_does()
    {
        var incident = Incident("web-1") with { Entities = ["web-1", "db-7"] };

        AlertMatching.Matches(new AlertMatch { Entity = "db-*" }, incident).ShouldBeTrue();
        AlertMatching.Matches(new AlertMatch { Entity = "mail-*" }, incident).ShouldBeFalse();
    }

    [Fact]
    public void Of_an_entity_only_name_and_labels_are_looked_at()
    {
        var match = new AlertMatch { Entity = "web-*", Labels = Labels("team", "a"), Severity = [IncidentSeverity.Critical] };

        AlertMatching.MatchesEntity(match, "web-1", Labels("team", "a")).ShouldBeTrue();
        AlertMatching.MatchesEntity(match, "web-1", Labels("team", "b")).ShouldBeFalse();
        AlertMatching.MeansEveryEntity(new AlertMatch { Entity = "**", Severity = [IncidentSeverity.Info] }).ShouldBeTrue();
        AlertMatching.MeansEverything(new AlertMatch { Severity = [IncidentSeverity.Info] }).ShouldBeFalse();
    }

    [Fact]
    public void Patterns_match_as_the_regular_expression_would()
    {
        var text = OneOf('a', 'b', '.').Array[0, 8].Select(letters => new string(letters));
        var pattern = OneOf('a', 'b', '.', '*').Array[0, 6].Select(letters => new string(letters));

        Gen.Select(pattern, text).Sample(
            (wild, plain) => NamePattern.Matches(wild, plain).ShouldBe(
                Regex.IsMatch(plain, $"^{Regex.Escape(wild).Replace("\\*", ".*", StringComparison.Ordinal)}\\z", RegexOptions.Singleline | RegexOptions.NonBacktracking)),
            iter: 5_000);
    }

    static Gen<char> OneOf(params char[] letters) => Gen.Int[0, letters.Length - 1].Select(i => letters[i]);
}
