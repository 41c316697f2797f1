using Forewarn.Alerting.Budgets;
using Forewarn.Alerting.Routing;
using Forewarn.Contracts;
using static Forewarn.Alerting.Tests.Routing.RoutingSamples;

namespace Forewarn.Alerting.Tests.Budgets;

public sealed class BudgetCountTests
{
    static readonly Budget Payments = new("payments", 2, new AlertMatch { Labels = Labels("team", "payments") });
    static readonly Budget Web = new("web", 6, new AlertMatch { Entity = "web-*" });
    static readonly Budget Rest = new("rest", 5, new AlertMatch());

    static readonly KnownEntity[] Entities =
    [
        new("web-1", Labels("team", "payments")), new("web-2", Labels("team", "shop")), new("web-3", Labels("team", "shop")), new("db-1", Labels("team", "payments")),
        new("mail-1", new Dictionary<string, string>()),
    ];

    [Fact]
    public void Each_entity_belongs_to_the_first_budget_that_means_it_and_they_share_alike()
    {
        var shares = BudgetCount.SharesOf(BudgetCount.Split([Payments, Web, Rest], Entities), 7);

        shares.At.ShouldBe(7);
        shares.Shares.Select(share => (string.Join(',', share.Entities), share.PerEntity)).ShouldBe([("web-1,db-1", 1), ("web-2,web-3", 3), ("", 5)]);
    }

    [Fact]
    public void A_budget_of_nobody_tells_nothing_and_one_of_all_holds_for_those_to_come()
    {
        BudgetCount.SharesOf(BudgetCount.Split([Payments, Rest], []), 7).Shares.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            share => share.Entities.ShouldBeEmpty(), share => share.PerEntity.ShouldBe(5));
    }

    [Fact]
    public void Its_use_counts_what_was_told_within_it_and_the_last_word_on_each()
    {
        IncidentEvent[] incidents =
        [
            Told("a", "web-1"), Told("b", "db-1"), Told("c", "db-1"), Told("d", "web-2"), Told("e", "gone-1"),
            Told("f", "web-1") with { Kind = DetectionKind.Threshold },
            Told("i", "web-1") with { Kind = DetectionKind.External },
            Told("g", "web-1") with { MutedBy = "s" },
            Incident("web-1", id: "h"),
        ];
        FeedbackEvent[] words = [Word("a", FeedbackKind.Useful, 2), Word("a", FeedbackKind.FalseAlarm, 1), Word("b", FeedbackKind.FalseAlarm, 1), Word("z", FeedbackKind.Useful, 1)];

        var used = BudgetCount.Used(BudgetCount.Split([Payments, Web, Rest], Entities), incidents, words);

        used.Select(budget => (budget.Name, budget.Entities, budget.Told, budget.FalseAlarms, budget.Useful)).ShouldBe([("payments", 2, 3, 1, 1), ("web", 2, 1, 0, 0), ("rest", 1, 1, 0, 0)]);
        used[0].PerEntity.ShouldBe(1);
    }

    static IncidentEvent Told(string id, string entity) => Incident(entity, id: id) with { Stamps = new Stamps { Notified = Now } };

    static FeedbackEvent Word(string incident, FeedbackKind kind, long at) =>
        new() { Id = FeedbackEvent.IdOf(incident), Kind = kind, Entity = "e", Incident = incident, Detection = DetectionKind.Joint, From = 0, At = at };
}
