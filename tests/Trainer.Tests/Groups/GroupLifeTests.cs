using CsCheck;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests.Groups;

public sealed class GroupLifeTests
{
    static readonly JointCheck Passed = new(TimeSpan.FromHours(1), Alarms: 0, Allowed: 1);
    static readonly JointCheck Failed = new(TimeSpan.FromHours(1), Alarms: 5, Allowed: 1);

    [Fact]
    public void The_first_model_of_a_group_decides_at_once_beside_the_one_for_everybody()
    {
        var document = Samples.Registry(Samples.Model("any1")).Enter(Joint("1"), Passed, 5000);

        var champion = document.OwnChampionOf("hosts").ShouldNotBeNull();
        (champion.Version, champion.ChampionAt, champion.Replaced, champion.ByHandAt).ShouldBe(("1", 5000, null, null));
        champion.Reason.ShouldBe("The first model of its group. In 60 entity-minutes of the newest tenth, which it has not learned, it alarmed 0 times; 1 may be chance.");
        document.Champions.Select(model => model.Version).ShouldBe(["any1", "1"]);
        (document.Trials.Count, document.Watches.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void One_of_newer_history_takes_over_without_a_trial_or_a_watch()
    {
        var document = Enter(Joint("1", 1000), Joint("2", 2000));

        document.OwnChampionOf("hosts")!.Version.ShouldBe("2");
        document.OwnChampionOf("hosts")!.Reason!.ShouldStartWith("It has learned from newer history than 1.");
        (document.ModelOf("1")!.State, document.OwnChampionOf("hosts")!.Replaced).ShouldBe((ModelState.Retired, "1"));
        (document.Trials.Count, document.Watches.Count).ShouldBe((0, 0));
    }

    [Fact]
    public void One_that_fails_its_check_or_saw_nothing_newer_is_kept_retired_with_the_reason()
    {
        var document = Enter(Joint("1", 2000));
        var failed = document.Enter(Joint("2", 3000), Failed, 9000);
        var stale = document.Enter(Joint("3", 2000), Passed, 9000);

        failed.OwnChampionOf("hosts")!.Version.ShouldBe("1");
        (failed.ModelOf("2")!.State, failed.ModelOf("2")!.ChampionAt).ShouldBe((ModelState.Retired, null));
        failed.ModelOf("2")!.Reason!.ShouldEndWith("it alarmed 5 times; 1 may be chance. 1 stays champion.");
        stale.OwnChampionOf("hosts")!.Version.ShouldBe("1");
        stale.ModelOf("3")!.Reason.ShouldBe("It has learned from nothing newer than 1, which stays champion.");
        failed.Promote("2", "Promoted by hand.", 9500).Champion!.Version.ShouldBe("2");
    }

    [Fact]
    public void A_first_one_that_fails_its_check_leaves_the_group_to_the_model_for_everybody()
    {
        var document = Samples.Registry(Samples.Model("any1")).Enter(Joint("1"), Failed, 5000);

        document.OwnChampionOf("hosts").ShouldBeNull();
        document.ChampionOf("hosts")!.Version.ShouldBe("any1");
        document.ModelOf("1")!.Reason!.ShouldEndWith("The group goes on without a model of its own.");
        document.Enter(Joint("2"), Passed, 6000).OwnChampionOf("hosts")!.Version.ShouldBe("2");
    }

    [Fact]
    public void What_was_put_there_by_hand_stays_until_somebody_promotes_another()
    {
        var document = Enter(Joint("1", 1000), Joint("2", 2000));
        document = document.Rollback("hosts", 9000).Document!;
        document.OwnChampionOf("hosts")!.ByHandAt.ShouldBe(9000);

        document = document.Enter(Joint("3", 3000), Passed, 10_000);
        document.OwnChampionOf("hosts")!.Version.ShouldBe("1");
        document.ModelOf("3")!.Reason.ShouldBe("1 was made champion by hand and stays until another one is.");

        document = document.Promote("3", "Promoted by hand.", 11_000).Document!;
        document.ModelOf("1")!.ByHandAt.ShouldBeNull();
        document.OwnChampionOf("hosts")!.Version.ShouldBe("3");
    }

    [Fact]
    public void A_champion_for_rows_that_are_not_made_any_more_goes_even_if_put_there_by_hand()
    {
        var document = new RegistryDocument().Enter(Joint("1") with { RowSpec = "j1" }, Passed, 1000);
        document = document.Put(document.ModelOf("1")! with { ByHandAt = 1500 }).Enter(Joint("2", 10), Passed, 2000);

        document.OwnChampionOf("hosts")!.Version.ShouldBe("2");
        document.Rollback("hosts", 3000).Refusal!.Reason.ShouldBe($"1 reads rows {FeatureSpec.Version}/j1; {FeatureSpec.Version}/{JointRow.Version} are made now.");
        document.Promote("1", "because", 3000).Refusal!.Kind.ShouldBe(RefusalKind.Impossible);
    }

    [Fact]
    public void A_twin_changes_nothing_and_brings_back_nothing_while_there_is_a_champion()
    {
        var document = Enter(Joint("1", 1000), Joint("2", 2000));

        document.Enter(Joint("2", 2000), Passed, 9000).ShouldBeSameAs(document);
        document.Enter(Joint("1", 1000), Passed, 9000).ShouldBeSameAs(document);
    }

    [Fact]
    public void A_group_without_entities_for_long_loses_its_champion_and_no_other_does()
    {
        var document = Samples.Registry(Samples.Model("any1")).Enter(Joint("1", 1000), Passed, 1000).Enter(Joint("2", 1000, "others"), Passed, 1000);

        document.RetireGroups(new HashSet<string>(["others"]), before: 1000).ShouldBeNull("it was seen then");
        document.RetireGroups(new HashSet<string>(["hosts", "others"]), before: 5000).ShouldBeNull("both have entities");
        var retired = document.RetireGroups(new HashSet<string>(["others"]), before: 5000)!;
        retired.Champions.Select(model => model.Version).ShouldBe(["any1", "2"]);
        retired.ModelOf("1")!.Reason!.ShouldContain("no entities");
        retired.Enter(Joint("1", 1000), Passed, 9000).OwnChampionOf("hosts")!.Version.ShouldBe("1", "its entities have come back");
    }

    [Fact]
    public void Many_groups_do_not_crowd_out_the_history_of_the_model_for_everybody()
    {
        var document = Samples.Registry(Samples.Model("a"), Samples.Model("b")).Promote("b", "", 3000).Document!;
        for (var group = 0; group < 40; group++)
        {
            for (var i = 0; i < 10; i++)
                document = document.Enter(Joint($"{group}-{i}", 1000 + i, $"g{group}"), Passed, 4000 + i);
        }

        document.Models.Count(model => model.Group == "g0").ShouldBe(6);
        document.Models.Count(model => model.Group == "any").ShouldBe(2);
        document.Rollback("g0", 9000).Champion!.Version.ShouldBe("0-8");
    }

    [Fact]
    public void Any_sequence_of_steps_leaves_at_most_one_champion_a_group_and_no_trial() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 6], Gen.Bool).Array[1, 40].Sample(steps =>
        {
            var (document, now) = (new RegistryDocument(), 0L);
            foreach (var (step, which, flag) in steps)
            {
                now += 1000;
                var (version, group) = ($"v{which}", which % 2 == 0 ? "hosts" : "others");
                var before = document.OwnChampionOf(group);
                document = step switch
                {
                    <= 1 => document.Enter(Joint(version, which * 100, group), flag ? Passed : Failed, now),
                    2 => document.Promote(version, "", now).Document,
                    3 => document.Rollback(group, now).Document,
                    _ => document.RetireGroups(new HashSet<string>(flag ? ["hosts"] : []), which * 100),
                } ?? document;
                document.Models.ShouldAllBe(model => model.State == ModelState.Champion || model.State == ModelState.Retired);
                document.Models.ShouldAllBe(model => model.Reason != null && (model.State == ModelState.Champion || model.ByHandAt == null));
                document.Models.GroupBy(model => model.Group).ShouldAllBe(models => models.Count(model => model.State == ModelState.Champion) <= 1);
                (document.Trials.Count, document.Watches.Count).ShouldBe((0, 0));
                if (step <= 1 && before is not null)
                    document.OwnChampionOf(group).ShouldNotBeNull("a training takes no champion away");
            }
        });

    static RegistryDocument Enter(params ModelInfo[] models) => models
        .Select((model, i) => (model, now: (i + 1) * 1000L))
        .Aggregate(new RegistryDocument(), (document, entry) => document.Enter(entry.model, Passed, entry.now));

    static ModelInfo Joint(string version, long trainedTo = 1000, string group = "hosts") =>
        Samples.Model(version, group: group) with { Kind = JointKind.Name, RowSpec = JointRow.Version, TrainedTo = trainedTo, Entities = 2 };
}
