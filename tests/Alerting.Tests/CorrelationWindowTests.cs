using System.Text.Json;
using CsCheck;
using Forewarn.Alerting.Correlation;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

public sealed class CorrelationWindowTests
{
    static readonly CorrelationRules Rules = CorrelationRules.Of(new AlertingOptions());

    [Fact]
    public void Hosts_of_one_rack_that_move_alike_are_one_incident()
    {
        var window = new Kept();
        window.Assign(0, Of("a", rack: "r1", "net down")).Single().Lead.ShouldBe("a-behaviour");

        var folded = window.Assign(5_000, Of("b", rack: "r1", "net down", "cpu down")).Single();
        folded.Lead.ShouldBe("a-behaviour");
        folded.Why.ShouldBe("host.rack=r1, net down");
    }

    [Theory]
    [InlineData("r2", "net down", 5_000, "another rack")]
    [InlineData("r1", "disk up", 5_000, "something else moved")]
    [InlineData("r1", "net up", 5_000, "the other way")]
    [InlineData("r1", "net down", 31_000, "too late")]
    public void What_does_not_belong_together_is_not_folded(string rack, string evidence, long after, string why)
    {
        var window = new Kept();
        window.Assign(0, Of("a", rack: "r1", "net down"));

        window.Assign(after, Of("b", rack, evidence)).Single().Lead.ShouldBe("b-behaviour", why);
    }

    [Fact]
    public void Everything_of_one_entity_is_one_incident_however_late()
    {
        var window = new Kept();
        window.Assign(0, Of("a", "r1", "cpu up"));
        window.Assign(60_000, Of("a", "r1", "cpu up"));

        window.Assign(80_000, Of("a", "r1", "silence") with { Fingerprint = "a-silence" }).Single().Lead.ShouldBe("a-behaviour");
    }

    [Fact]
    public void What_only_goes_on_belongs_to_nothing_when_nothing_is_known_of_it() =>
        new Kept().Assign(0, Of("a", "r1", "cpu up") with { Opens = false }).ShouldBeEmpty();

    [Fact]
    public void Those_of_one_delivery_are_folded_under_the_first()
    {
        var made = new Kept().Assign(0, Of("a", "r1", "cpu up"), Of("b", "r1", "cpu up"), Of("c", "r2", "cpu up"));

        made.ToDictionary(one => one.Fingerprint, one => one.Lead).ShouldBe(new Dictionary<string, string>
        {
            ["a-behaviour"] = "a-behaviour",
            ["b-behaviour"] = "a-behaviour",
            ["c-behaviour"] = "c-behaviour",
        }, ignoreOrder: true);
    }

    [Fact]
    public void Ten_thousand_strangers_in_a_second_are_one_storm()
    {
        var window = new Kept();
        var leads = new HashSet<string>();
        for (var batch = 0; batch < 50; batch++)
            leads.UnionWith(window.Assign(batch * 20, [.. Enumerable.Range(batch * 200, 200).Select(i => Of($"h{i}", $"rack{i}", "cpu up"))]).Select(made => made.Lead));

        leads.ShouldBe([window.Storm]);
    }

    [Fact]
    public void A_storm_that_builds_up_opens_no_more_than_the_allowed_and_ends_when_it_is_quiet()
    {
        var window = new Kept();
        var leads = Enumerable.Range(0, 100).SelectMany(i => window.Assign(i * 10, Of($"h{i}", $"rack{i}", "cpu up"))).Select(made => made.Lead).ToHashSet();
        leads.Count.ShouldBe(new AlertingOptions().StormAbove + 1);
        leads.ShouldContain(window.Storm);

        window.Assign(2_000_000, Of("late", "r", "cpu up")).Single().Lead.ShouldBe("late-behaviour");
    }

    [Fact]
    public void Whatever_comes_each_opening_has_one_incident_and_keeps_it()
    {
        var onset = Gen.Select(Gen.Int[0, 40], Gen.Int[0, 3], Gen.Int[0, 2], Gen.Bool);
        Gen.Select(Gen.Int[0, 20_000], onset.List[1, 12]).List[1, 60].Sample(deliveries =>
        {
            var window = new Kept();
            var known = new Dictionary<string, (string Lead, long At)>();
            var (now, opened) = (0L, new List<long>());
            foreach (var (wait, onsets) in deliveries)
            {
                now += wait;
                var asked = onsets.Select(one => Of($"h{one.Item1}", $"r{one.Item2}", $"m{one.Item3} up") with { Opens = one.Item4 })
                    .DistinctBy(one => one.Fingerprint).ToArray();
                var made = window.Assign(now, asked);

                made.Select(one => one.Fingerprint).ShouldBeUnique();
                asked.Where(one => one.Opens).Select(one => one.Fingerprint).Except(made.Select(one => one.Fingerprint)).ShouldBeEmpty();
                foreach (var one in made.Where(one => one.Lead != window.Storm))
                {
                    if (known.TryGetValue(one.Fingerprint, out var before) && now - before.At < 60_000)
                        one.Lead.ShouldBe(before.Lead);
                    if (one.Lead == one.Fingerprint && (before.Lead is null || now - before.At > 120_000))
                        opened.Add(now);
                    known[one.Fingerprint] = (one.Lead, now);
                }
                opened.Count(at => now - at <= 10_000).ShouldBeLessThanOrEqualTo(new AlertingOptions().StormAbove);
                window.Assign(now, asked).OrderBy(one => one.Fingerprint).ShouldBe(made.OrderBy(one => one.Fingerprint), "a redelivery finds the same");
            }
        }, iter: 300);
    }

    static Onset Of(string entity, string rack, params string[] evidence) => new()
    {
        Fingerprint = $"{entity}-behaviour",
        Entity = entity,
        Kind = DetectionKind.Joint,
        Opens = true,
        StepMs = 1000,
        Evidence = evidence,
        Places = [$"host.rack={rack}"],
    };

    /// <summary>Its state goes through JSON between deliveries, as in the actor's store.</summary>
    sealed class Kept
    {
        string _stored = JsonSerializer.Serialize(new CorrelationState());

        public string Storm { get; } = new CorrelationWindow("everything", new CorrelationState(), Rules).Storm;

        public IReadOnlyList<Assignment> Assign(long now, params Onset[] onsets)
        {
            var state = JsonSerializer.Deserialize<CorrelationState>(_stored)!;
            var window = new CorrelationWindow("everything", state, Rules);
            var made = window.Assign(onsets, 1_800_000_000_000 + now);
            if (window.Changed)
                _stored = JsonSerializer.Serialize(state);
            return made;
        }
    }
}
