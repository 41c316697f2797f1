namespace Forewarn.Simulator.Tests;

public sealed class ScenarioTests
{
    const string Good = """
        name: two
        seed: 7
        history: 5m
        cooldown: 30s
        fleet:
          first: web-1
          hosts: 8
          hostsPerNode: 2
          nodesPerRack: 2
          missing: 0.001
        faults:
          - fault: memory-leak
            entity: web-5
            after: 60s
            for: 2m
            with:
              severity: 0.5
          - { fault: network-partition, entity: web-2, after: 90s, for: 1m }
        """;

    [Fact]
    public void A_file_says_fleet_faults_and_times()
    {
        var scenario = ScenarioFile.Parse(Good, "two.yaml");
        (scenario.Name, scenario.Seed, scenario.History, scenario.Length).ShouldBe(("two", 7, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(210)));
        scenario.Fleet.ShouldBe(new FleetPlan { First = "web-1", Hosts = 8, HostsPerNode = 2, NodesPerRack = 2, Missing = 0.001 });
        var course = scenario.At(1_000_000);
        course.Injections.Select(injection => (injection.Fault.Name, injection.StartMs, injection.EndMs)).ShouldBe(
            [("memory-leak", 1_060_000L, 1_180_000L), ("network-partition", 1_090_000L, 1_150_000L)]);
        course.Injections[0].Settings["severity"].ShouldBe(0.5);
        course.Injections[1].Entities.ShouldBe(["web-2", "web-1", "web-3", "web-4"]);
    }

    [Theory]
    [InlineData("seed: 7", "seed: many", "x.yaml, line 2: seed must be a whole number")]
    [InlineData("history: 5m", "history: long", "x.yaml, line 3: history must be a duration")]
    [InlineData("hosts: 8", "hosts: 0", "x.yaml, line 7: fleet.hosts must be a whole number from 1 to 10000, not '0'")]
    [InlineData("missing: 0.001", "missing: 2", "x.yaml, line 10: fleet.missing must be a share")]
    [InlineData("cooldown: 30s", "cool: 30s", "x.yaml, line 4: cool is unknown. Known: cooldown, faults, fleet, history, name, seed")]
    [InlineData("fault: memory-leak", "fault: gremlins", "x.yaml, line 12: faults[0].fault 'gremlins' is unknown")]
    [InlineData("entity: web-5", "entity: db-1", "x.yaml, line 13: faults[0].entity 'db-1' is no host of the fleet")]
    [InlineData("    after: 60s", "    when: 60s", "x.yaml, line 14: faults[0].when is unknown")]
    [InlineData("    for: 2m\n", "", "x.yaml, line 12: faults[0].for is missing")]
    [InlineData("severity: 0.5", "severity: 7", "x.yaml, line 17: faults[0].with.severity cannot be taken: severity of memory-leak must be a number from 0.05 to 1, not '7'")]
    [InlineData("severity: 0.5", "force: 7", "x.yaml, line 17: faults[0].with.force cannot be taken: memory-leak has no parameter 'force'. It has: severity, growth")]
    [InlineData("entity: web-5", "entity: web-4", "faults[1] (network-partition) reaches web-4 while faults[0] (memory-leak) is there")]
    [InlineData("    with:\n      severity: 0.5", "    with: 3", "x.yaml, line 16: faults[0].with must be a mapping")]
    [InlineData("name: two", "name: [two]", "x.yaml, line 1: name must be a single value")]
    [InlineData("name: two", "name: 'two", "x.yaml, line ")]
    public void A_mistake_is_told_with_its_line_and_field(string right, string wrong, string told)
    {
        Good.ShouldContain(right);
        Should.Throw<ScenarioException>(() => ScenarioFile.Parse(Good.Replace(right, wrong), "x.yaml")).Message.ShouldContain(told);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var wrong = Good.Replace("seed: 7", "seed: many").Replace("fault: memory-leak", "fault: gremlins");
        Should.Throw<ScenarioException>(() => ScenarioFile.Parse(wrong, "x.yaml")).Message.Split('\n').Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a\n- b")]
    [InlineData("just words")]
    public void Anything_else_is_no_scenario(string yaml) =>
        Should.Throw<ScenarioException>(() => ScenarioFile.Parse(yaml, "x.yaml")).Message.ShouldContain("x.yaml, line 1");

    [Fact]
    public void The_scenario_that_comes_with_the_program_has_the_whole_catalogue_within_twelve_minutes()
    {
        var scenario = ScenarioFile.Default;
        var course = scenario.At(0);
        course.Injections.Select(injection => injection.Fault.Name).Distinct().Order().ShouldBe(FaultCatalogue.All.Select(fault => fault.Name).Order());
        course.Injections.Count(injection => injection.Fault.Onset == Onset.Gradual && injection.FailureMs is not null).ShouldBeGreaterThanOrEqualTo(10);
        scenario.Length!.Value.ShouldBeLessThan(TimeSpan.FromMinutes(11), "the history has to be sent, too");
        scenario.History.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(1));
        var reached = course.Injections.SelectMany(injection => injection.Entities).ToList();
        reached.ShouldBeUnique();
        scenario.Fleet.Names.Except(reached).ShouldNotBeEmpty("some hosts stay healthy");
    }

    [Fact]
    public void A_total_cuts_the_run_and_without_fault_or_total_it_never_ends()
    {
        var scenario = ScenarioFile.Parse(Good, "two.yaml");
        (scenario with { Faults = [] }).At(0).EndMs.ShouldBeNull();
        var cut = (scenario with { Total = TimeSpan.FromSeconds(70) }).At(0);
        (cut.EndMs, cut.PhaseAt(59_000), cut.PhaseAt(69_000), cut.PhaseEnds(65_000), cut.PhaseAt(70_000)).ShouldBe((70_000, Phase.Normal, Phase.Fault, 70_000, Phase.Done));
    }
}
