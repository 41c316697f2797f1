namespace Forewarn.Architecture;

public sealed class DependencyTests
{
    [Fact]
    public void A_service_references_shared_projects_only()
    {
        foreach (var service in Repository.Services.Append("simulator"))
        {
            var foreign = Repository.References(Repository.ProjectOf($"services/{service}"), "ProjectReference")
                .Where(reference => !reference.StartsWith("../shared/", StringComparison.Ordinal));
            foreign.ShouldBeEmpty($"services/{service} must not reference another service");
        }
    }

    [Fact]
    public void The_sidecar_and_the_launcher_know_no_Forewarn_type()
    {
        Repository.References("services/dev-sidecar/DevSidecar.csproj", "ProjectReference").ShouldBeEmpty();
        Repository.References("services/launcher/Launcher.csproj", "ProjectReference").ShouldBe(["../dev-sidecar/DevSidecar.csproj"]);
    }

    [Theory]
    [InlineData("services/shared/contracts/Contracts.csproj")]
    [InlineData("services/shared/analytics/Analytics.csproj")]
    public void Contracts_and_analytics_stand_on_the_base_library_alone(string project)
    {
        Repository.References(project, "PackageReference").ShouldBeEmpty();
        Repository.References(project, "ProjectReference").ShouldBeEmpty();
    }

    [Fact]
    public void Analytics_is_pure()
    {
        string[] impure = ["async ", "await ", "TimeProvider", "ILogger", "System.IO.File", "File.", "Console.", "Random.Shared"];
        foreach (var file in Repository.Files("services/shared/analytics", "*.cs"))
        {
            var text = Repository.Read(file);
            foreach (var word in impure)
                text.Contains(word, StringComparison.Ordinal).ShouldBeFalse($"{file} uses '{word}'");
        }
    }

    [Fact]
    public void Only_the_sidecar_the_simulator_and_tests_may_speak_Kafka()
    {
        var speakers = Repository.Files("services", "*.csproj")
            .Where(project => Repository.References(project, "PackageReference").Contains("Confluent.Kafka"));
        speakers.ShouldBeSubsetOf(["services/dev-sidecar/DevSidecar.csproj", "services/simulator/Simulator.csproj"]);
    }

    [Fact]
    public void Only_history_speaks_to_PostgreSQL_among_the_services()
    {
        var owners = Repository.Services.Where(service =>
            Repository.References(Repository.ProjectOf($"services/{service}"), "PackageReference").Contains("Npgsql"));
        owners.ShouldBe(["history"]);
    }

    [Fact]
    public void There_is_one_features_to_decision_class()
    {
        var deciders = Repository.Files("services", "*.cs")
            .Where(file => !file.StartsWith("services/shared/analytics/", StringComparison.Ordinal))
            .Where(file => Repository.Read(file) is var text
                && text.Contains("new TailCalibrator(", StringComparison.Ordinal) || Repository.Read(file).Contains("new Debouncer(", StringComparison.Ordinal))
            .Select(Path.GetDirectoryName)
            .Distinct();
        deciders.ShouldHaveSingleItem().ShouldBe("services/shared/models/Detection");
    }
}
