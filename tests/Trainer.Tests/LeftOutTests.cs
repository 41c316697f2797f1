using Forewarn.Contracts;

namespace Forewarn.Trainer.Tests;

public sealed class LeftOutTests
{
    const long Minute = 60_000;
    const long Now = 100 * Minute;

    static readonly IncidentEvent Over = FakeHistory.Incident(10 * Minute, 12 * Minute);
    static readonly IncidentEvent Open = FakeHistory.Incident(90 * Minute, to: null);

    public static TheoryData<string, string[]> Cases => new()
    {
        { "incidents, over and open", ["9-13", "89-101"] },
        { "a useful one is left out like any other", ["9-13"] },
        { "a useful one that history has forgotten", ["4-9"] },
        { "a false alarm is normal and stays in", [] },
        { "the false alarm of one incident says nothing of another", ["89-101"] },
        { "another entity's incident", [] },
        { "a missed time", ["19-26"] },
        { "a missed time of another entity", [] },
        { "maintenance of the entity, of another, and of all", ["29-32", "39-51"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_not_normal_gives_no_rows(string name, string[] expected)
    {
        (IncidentEvent[] Incidents, FeedbackEvent[] Feedback, Exclusion[] Exclusions) known = name switch
        {
            "incidents, over and open" => ([Over, Open], [], []),
            "a useful one is left out like any other" => ([Over], [Samples.Feedback(Over.Id, from: Over.StartedAt, to: Over.ResolvedAt)], []),
            "a useful one that history has forgotten" => ([], [Samples.Feedback("x", at: 8 * Minute, from: 5 * Minute)], []),
            "a false alarm is normal and stays in" => ([Over], [Samples.Feedback(Over.Id, FeedbackKind.FalseAlarm)], []),
            "the false alarm of one incident says nothing of another" => ([Over, Open], [Samples.Feedback(Over.Id, FeedbackKind.FalseAlarm)], []),
            "another entity's incident" => ([Over with { Entity = "db 1" }], [], []),
            "a missed time" => ([], [Samples.Missed(20 * Minute, 25 * Minute)], []),
            "a missed time of another entity" => ([], [Samples.Missed(20 * Minute, 25 * Minute) with { Entity = "db 1" }], []),
            _ => ([], [], [Excluded(FakeHistory.Entity, 30, 31), Excluded("db 1", 35, 36), Excluded(entity: null, 40, 50)]),
        };

        LeftOut.Of(FakeHistory.Entity, known.Incidents, known.Feedback, known.Exclusions, Now)
            .Select(span => $"{span.From / Minute}-{span.To / Minute}").Distinct().ShouldBe(expected);
    }

    static Exclusion Excluded(string? entity, long from, long to) =>
        new() { Id = $"{from}", Entity = entity, From = from * Minute, To = to * Minute, Kind = ExclusionKind.Maintenance, At = 0 };
}
