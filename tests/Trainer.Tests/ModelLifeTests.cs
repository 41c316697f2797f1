using CsCheck;
using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests;

public sealed class ModelLifeTests
{
    [Fact]
    public void The_first_model_of_a_group_decides_at_once()
    {
        var document = Samples.Registry(Samples.Model("1", "generated"), Samples.Model("2", "generated", group: "hosts"));

        States(document).ShouldBe([("2", ModelState.Champion), ("1", ModelState.Champion)]);
        document.ChampionOf("any")!.ChampionAt.ShouldBe(1000);
        document.ChampionOf("unheard-of")!.Version.ShouldBe("1");
        document.ChampionOf("hosts")!.Version.ShouldBe("2");
        document.Trials.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("history")]
    [InlineData("history+generated")]
    public void The_first_model_of_history_replaces_a_generated_one_at_once(string source)
    {
        var document = Samples.Registry(Samples.Model("1", "generated"), Samples.Model("2", source));

        States(document).ShouldBe([("2", ModelState.Champion), ("1", ModelState.Retired)]);
        document.ModelOf("2")!.Replaced.ShouldBe("1");
        document.ModelOf("1")!.Reason.ShouldBe("2 took its place. The first model that has learned from history.");
    }

    [Theory]
    [InlineData("history", "history")]
    [InlineData("history", "generated")]
    [InlineData("generated", "generated")]
    public void Any_other_model_is_tried_first(string champion, string challenger)
    {
        var document = Samples.Registry(Samples.Model("1", champion), Samples.Model("2", challenger));

        States(document).ShouldBe([("2", ModelState.Challenger), ("1", ModelState.Champion)]);
        document.ChallengerOf("any")!.Comparison.ShouldBe(new ModelComparison { Against = "1", Since = 2000 });
        document.ChallengerOf("unheard-of")!.Version.ShouldBe("2");
    }

    [Fact]
    public void A_newer_challenger_retires_the_older_and_a_twin_changes_nothing()
    {
        var document = Samples.Registry(Samples.Model("1"), Samples.Model("2"), Samples.Model("3"));

        States(document).ShouldBe([("3", ModelState.Challenger), ("2", ModelState.Retired), ("1", ModelState.Champion)]);
        document.ModelOf("2")!.Reason.ShouldBe("A newer challenger, 3, took its place.");
        document.Enter(Samples.Model("3"), 9000).ShouldBeSameAs(document);
        document.Enter(Samples.Model("1"), 9000).ShouldBeSameAs(document);
    }

    [Fact]
    public void A_champion_for_rows_that_are_not_made_any_more_is_replaced_at_once_and_never_comes_back()
    {
        var document = Samples.Registry(Samples.Model("1") with { FeatureSpec = "f1", RowSpec = "r1" }, Samples.Model("2"));

        document.ChampionOf("any")!.Version.ShouldBe("2");
        var refusal = document.Promote("1", "because", 9000).Refusal.ShouldNotBeNull();
        refusal.Kind.ShouldBe(RefusalKind.Impossible);
        refusal.Reason.ShouldBe($"1 reads rows f1/r1; {FeatureSpec.Version}/{RowSpec.Version} are made now.");
        document.Rollback("any", 9000).Refusal.ShouldBe(refusal);
    }

    [Fact]
    public void A_challenger_that_is_promoted_ends_its_trial_and_keeps_its_figures()
    {
        var document = Samples.Registry(Samples.Model("1"), Samples.Model("2"));
        document = document.Count([Samples.Report(document.Trials[0], 1000)])!;

        var next = document.Promote(document.Trials[0], "Better.", 5000).Document!;

        States(next).ShouldBe([("2", ModelState.Champion), ("1", ModelState.Retired)]);
        next.Trials.ShouldBeEmpty();
        var champion = next.ChampionOf("any")!;
        (champion.Reason, champion.ChampionAt, champion.Replaced, champion.Comparison!.Ticks).ShouldBe(("Better.", 5000, "1", 1000));
    }

    [Fact]
    public void A_trial_that_has_ended_decides_nothing()
    {
        var document = Samples.Registry(Samples.Model("1"), Samples.Model("2"));
        var trial = document.Trials[0];
        document = document.Enter(Samples.Model("3"), 5000);

        document.Promote(trial, "Better.", 6000).Refusal!.Reason.ShouldBe("The trial of 2 has ended.");
        document.Retire(trial, "Worse.").ShouldBeNull();
        document.Count([Samples.Report(trial, 1000)]).ShouldBeNull();
    }

    [Fact]
    public void Rolling_back_again_goes_further_back_and_ends_at_the_first()
    {
        var document = Samples.Registry(Samples.Model("1"), Samples.Model("2")).Promote("2", "", 3000).Document!.Enter(Samples.Model("3"), 4000)
            .Promote("3", "", 5000).Document!;

        document = document.Rollback("any", 6000).Document!;
        document.ChampionOf("any")!.Version.ShouldBe("2");
        document.ModelOf("3")!.Reason.ShouldBe("2 took its place. Rolled back from 3 by hand.");
        document = document.Rollback("any", 7000).Document!;
        document.ChampionOf("any")!.Version.ShouldBe("1");
        document.Rollback("any", 8000).Refusal!.Reason.ShouldBe("1 has replaced no model that is known: there is nothing to go back to.");
    }

    [Fact]
    public void After_a_rollback_the_challenger_is_compared_with_the_champion_of_then_from_the_start()
    {
        var document = Samples.Registry(Samples.Model("1"), Samples.Model("2")).Promote("2", "", 3000).Document!.Enter(Samples.Model("3"), 4000);
        var before = document.Trials[0];
        document = document.Count([Samples.Report(before, 1000)])!.Rollback("any", 5000).Document!;

        document.ChallengerOf("any")!.Comparison.ShouldBe(new ModelComparison { Against = "1", Since = 5000 });
        document.Count([Samples.Report(before, 2000)]).ShouldBeNull();
        document.Count([Samples.Report(document.Trials[0], 10)])!.ChallengerOf("any")!.Comparison!.Ticks.ShouldBe(10);
    }

    [Fact]
    public void What_is_unknown_or_champion_already_is_not_promoted()
    {
        var document = Samples.Registry(Samples.Model("1"));

        document.Promote("9", "", 0).Refusal!.Kind.ShouldBe(RefusalKind.Unknown);
        document.Promote("1", "", 0).Refusal.ShouldBe(new Refusal(RefusalKind.Impossible, "1 is champion already."));
        document.Rollback("hosts", 0).Refusal!.Kind.ShouldBe(RefusalKind.Unknown);
    }

    [Fact]
    public void Of_many_retired_models_the_oldest_are_forgotten_but_not_the_champion_nor_the_way_back()
    {
        var document = Samples.Registry(Samples.Model("first"), Samples.Model("second")).Promote("second", "", 3000).Document!;
        for (var i = 0; i < 150; i++)
            document = document.Enter(Samples.Model($"c{i}"), 4000 + i);

        document.Models.Count.ShouldBe(103);
        document.ChampionOf("any")!.Version.ShouldBe("second");
        document.ChallengerOf("any")!.Version.ShouldBe("c149");
        document.Rollback("any", 9000).Champion!.Version.ShouldBe("first");
    }

    [Fact]
    public void Any_sequence_of_steps_leaves_one_champion_at_most_one_challenger_and_loses_nothing() =>
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, 8], Gen.Bool).Array[1, 60].Sample(steps =>
        {
            var (document, now, entered) = (new RegistryDocument(), 0L, new HashSet<string>());
            foreach (var (step, which, flag) in steps)
            {
                now += 1000;
                // A version belongs to one group for life.
                var (version, group) = ($"v{which}", which % 2 == 0 ? "any" : "hosts");
                var trial = document.Trials.FirstOrDefault(trial => trial.Group == group);
                if (step <= 1)
                    entered.Add(version);
                document = step switch
                {
                    <= 1 => document.Enter(Samples.Model(version, flag ? "generated" : "history", group), now),
                    2 => document.Promote(version, "", now).Document,
                    3 => document.Rollback(group, now).Document,
                    5 when document.Watches.FirstOrDefault(watch => watch.Group == group) is { } watch => document.Rollback(watch, "", now).Document,
                    4 when trial is not null => flag ? document.Retire(trial, "") : document.Promote(trial, "", now).Document,
                    _ when trial is not null => document.Count([Samples.Report(trial, which * 100, $"p{which}")]),
                    _ => null,
                } ?? document;
                Check(document, entered);
                if (step is not (2 or 3))
                {
                    var again = document.Models.Where(model => model.State == ModelState.Champion && model.RolledBackAt is not null && model.ChampionAt == now);
                    again.ShouldBeEmpty("only people bring back what was rolled back");
                }
            }
        });

    [Fact]
    public void A_promotion_is_watched_until_the_next_change_and_a_way_back_is_not()
    {
        var document = Samples.Registry(Samples.Model("1"));
        document.Watches.ShouldBeEmpty("it replaced nothing");
        document = document.Enter(Samples.Model("2"), 2000).Promote("2", "", 3000).Document!;
        document.WatchOf(document.ChampionOf("any")!).ShouldBe(new Watch("any", "2", "1", 3000));

        document = document.Rollback("any", 4000).Document!;
        document.Watches.ShouldBeEmpty();
        document = document.Promote("2", "", 5000).Document!;
        document.WatchOf(document.ChampionOf("any")!)!.Since.ShouldBe(5000);
    }

    [Fact]
    public void A_champion_that_was_rolled_back_by_itself_comes_back_by_hand_only()
    {
        var document = Samples.Registry(Samples.Model("1"), Samples.Model("2")).Promote("2", "Better.", 3000).Document!;
        var watch = document.Watches.ShouldHaveSingleItem();
        document = document.Rollback(watch, "Too loud.", 4000).Document!;

        var champion = document.ChampionOf("any")!;
        (champion.Version, champion.Reason, champion.ChampionAt).ShouldBe(("1", "Rolled back from 2 by itself: Too loud.", 4000));
        (document.ModelOf("2")!.State, document.ModelOf("2")!.RolledBackAt).ShouldBe((ModelState.Retired, 4000));
        document.Rollback(watch, "Again.", 5000).Refusal!.Reason.ShouldBe("2 is not watched any more.");
        document.Enter(Samples.Model("2"), 5000).ShouldBeSameAs(document, "the same rows have given the same model");

        document = document.Promote("2", "Promoted by hand.", 6000).Document!;
        document.WatchOf(document.ChampionOf("any")!).ShouldBeNull("whoever did that knows what it does");
    }

    [Fact]
    public void Two_champions_never_roll_each_other_back()
    {
        var document = Samples.Registry(Samples.Model("1"), Samples.Model("2")).Promote("2", "", 3000).Document!;
        document = document.Rollback(document.Watches[0], "Too loud.", 4000).Document!.Promote("2", "Promoted by hand.", 5000).Document!
            .Enter(Samples.Model("3"), 6000).Promote("3", "Better.", 7000).Document!;

        document.Rollback(document.Watches[0], "Too loud.", 8000).Refusal!.Reason.ShouldContain("was rolled back itself");
        document.ChampionOf("any")!.Version.ShouldBe("3");
    }

    [Fact]
    public void After_a_first_model_of_history_was_rolled_back_the_next_is_tried_first()
    {
        var document = Samples.Registry(Samples.Model("1", "generated"), Samples.Model("2"));
        document = document.Rollback(document.Watches[0], "Too loud.", 4000).Document!.Enter(Samples.Model("3"), 5000);

        States(document).ShouldBe([("3", ModelState.Challenger), ("2", ModelState.Retired), ("1", ModelState.Champion)]);
    }

    static void Check(RegistryDocument document, HashSet<string> entered)
    {
        document.Models.Select(model => model.Version).Order().ShouldBe(entered.Order());
        document.Models.ShouldAllBe(model => model.State != ModelState.Candidate && model.Reason != null);
        foreach (var group in document.Models.GroupBy(model => model.Group))
        {
            var champion = group.Where(model => model.State == ModelState.Champion).ShouldHaveSingleItem();
            champion.ChampionAt.ShouldNotBeNull();
            var challengers = group.Where(model => model.State == ModelState.Challenger).ToList();
            challengers.Count.ShouldBeLessThanOrEqualTo(1);
            document.Trials.Where(trial => trial.Group == group.Key).Select(trial => (trial.Challenger, trial.Champion, trial.Sum()))
                .ShouldBe(challengers.Select(challenger => (challenger.Version, champion.Version, challenger.Comparison!)));
        }
    }

    static IEnumerable<(string Version, ModelState State)> States(RegistryDocument document) => document.Models.Select(model => (model.Version, model.State));
}
