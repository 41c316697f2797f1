using System.Text.Json;
using Forewarn.Alerting.Correlation;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Tests;

/// <summary>Alerts that stand for hours are known for hours, and explain nothing that begins while they stand.</summary>
public sealed class CorrelationHoldTests
{
    const long Minute = 60_000;
    const long Hour = 60 * Minute;
    const long Start = 1_800_000_000_000;

    static readonly CorrelationRules Rules = CorrelationRules.Of(new AlertingOptions());

    string _stored = JsonSerializer.Serialize(new CorrelationState());

    [Fact]
    public void A_repeat_hours_later_is_still_the_symptom_that_it_was()
    {
        Assign(0, Own("web-1")).ShouldBe(("web-1-behaviour", ""));
        Assign(5_000, Alert("web-1", hold: 24 * Hour)).ShouldBe(("web-1-behaviour", "same entity"));

        for (var hour = 4; hour < 48; hour += 4)
            Assign(hour * Hour, Alert("web-1", hold: 24 * Hour)).ShouldBe(("web-1-behaviour", "same entity"));
        Assign(48 * Hour, Over("web-1")).ShouldBe(("web-1-behaviour", "same entity"), "its end finds the incident");
        Assign(49 * Hour, Alert("web-1", hold: Hour)).ShouldBe(("web-1-down", ""), "what happens again is another");
    }

    [Fact]
    public void An_end_soon_after_the_beginning_is_kept_too()
    {
        Assign(0, Own("web-1"));
        Assign(5_000, Alert("web-1", hold: 24 * Hour)).Lead.ShouldBe("web-1-behaviour");
        Assign(7_000, Over("web-1")).Lead.ShouldBe("web-1-behaviour");

        Assign(Hour, Alert("web-1", hold: Hour)).ShouldBe(("web-1-down", ""));
    }

    [Theory]
    [InlineData(20_000, "web-1-down")]
    [InlineData(2 * Minute, "web-1-behaviour")]
    public void What_begins_on_its_entity_is_its_symptom_only_when_it_begins_soon(long after, string lead)
    {
        Assign(0, Alert("web-1", hold: 24 * Hour));

        Assign(after, Own("web-1")).Lead.ShouldBe(lead);
        Assign(after + 5_000, Alert("web-1", hold: 24 * Hour)).Lead.ShouldBe("web-1-down", "it stays what it is");
    }

    [Fact]
    public void One_rule_that_fires_on_a_rack_is_one_incident_and_two_rules_are_two()
    {
        Assign(0, Alert("web-1", hold: Hour));

        Assign(1_000, Alert("web-2", hold: Hour)).ShouldBe(("web-1-down", "host.rack=r1, alert Down"));
        Assign(2_000, Alert("web-3", hold: Hour) with { Evidence = ["alert Slow"] }).ShouldBe(("web-3-down", ""));
    }

    [Fact]
    public void An_end_opens_nothing_and_joins_no_storm()
    {
        Assign(0, Over("web-1")).Lead.ShouldBeNull();
        for (var i = 0; i <= Rules.StormAbove; i++)
            Assign(1_000, Own($"db-{i}") with { Evidence = [$"metric{i} up"] });
        Assign(2_000, Own("db-99") with { Evidence = ["metric99 up"] }).Why.ShouldBe("storm");

        Assign(3_000, Over("web-1")).Lead.ShouldBeNull();
    }

    [Fact]
    public void Alerts_of_a_storm_are_known_when_the_storm_is_long_over_and_keep_nobody_else_in_it()
    {
        for (var i = 0; i <= Rules.StormAbove + 1; i++)
            Assign(1_000, Alert($"web-{i}", hold: 24 * Hour) with { Places = [], Evidence = [$"alert {i}"] });
        var last = $"web-{Rules.StormAbove + 1}";
        var storm = Assign(2_000, Alert(last, hold: 24 * Hour));
        storm.Why.ShouldBe("storm");

        Assign(4 * Hour, Own("db-1")).ShouldBe(("db-1-behaviour", ""));
        Assign(4 * Hour, Alert(last, hold: 24 * Hour)).ShouldBe(storm);
        Assign(5 * Hour, Over(last)).ShouldBe(storm);
        Assign(6 * Hour, Alert(last, hold: Hour)).Lead.ShouldBe($"{last}-down");
    }

    [Fact]
    public void What_stood_for_days_when_its_sender_was_connected_is_no_storm_and_makes_none()
    {
        for (var i = 0; i < 3 * Rules.StormAbove; i++)
            Assign(0, Alert($"web-{i}", hold: Hour) with { Since = Start - (24 * Hour), Evidence = [$"alert {i}"] }).ShouldBe(($"web-{i}-down", ""));

        Assign(1_000, Own("web-0")).ShouldBe(("web-0-behaviour", ""), "it explains nothing that begins now");
        for (var i = 0; i < Rules.StormAbove - 1; i++)
            Assign(2_000, Own($"db-{i}") with { Evidence = [$"metric{i} up"] }).Why.ShouldBeEmpty();
        Assign(3_000, Own("db-98") with { Evidence = ["metric98 up"] }).Why.ShouldBe("storm");
        Assign(4_000, Alert("mail-1", hold: Hour) with { Since = Start - Hour, Evidence = ["alert Old"] }).ShouldBe(("mail-1-down", ""), "a storm of today has nothing to do with it");
    }

    /// <summary>Its state goes through JSON between deliveries, as in the actor's store.</summary>
    (string? Lead, string? Why) Assign(long now, Onset onset)
    {
        var state = JsonSerializer.Deserialize<CorrelationState>(_stored)!;
        var window = new CorrelationWindow("everything", state, Rules);
        if (onset.HoldsUntil is { } hold)
            onset = onset with { HoldsUntil = Start + now + hold, Since = onset.Since == 0 ? Start + now : onset.Since };
        var made = window.Assign([onset], Start + now);
        if (window.Changed)
            _stored = JsonSerializer.Serialize(state);
        return made is [var one] ? (one.Lead, one.Why) : default;
    }

    static Onset Own(string entity) => new()
    {
        Fingerprint = $"{entity}-behaviour",
        Entity = entity,
        Kind = DetectionKind.Joint,
        Opens = true,
        StepMs = 1000,
        Evidence = ["cpu up"],
        Places = ["host.rack=r1"],
    };

    /// <param name="hold">From now, milliseconds.</param>
    static Onset Alert(string entity, long hold) => Own(entity) with
    {
        Fingerprint = $"{entity}-down",
        Kind = DetectionKind.External,
        StepMs = 0,
        Evidence = ["alert Down"],
        HoldsUntil = hold,
    };

    static Onset Over(string entity) => Alert(entity, hold: 0) with { Opens = false, Ends = true };
}
