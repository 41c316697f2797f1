namespace Forewarn.Alerting.Routing;

/// <summary>What the routes say of one incident.</summary>
/// <param name="Routes">Names of the routes that hold, in their order.</param>
/// <param name="Receivers">Who is told at once, each once.</param>
/// <param name="Escalation">Who is told later if nobody acknowledges, by time; of those told already none.</param>
public sealed record RoutingPlan(IReadOnlyList<string> Routes, IReadOnlyList<string> Receivers, IReadOnlyList<EscalationStep> Escalation)
{
    public static readonly RoutingPlan Nobody = new([], [], []);

    /// <summary>Those of <see cref="Routes"/> that tell nobody because their limit is reached.</summary>
    public IReadOnlyList<string> HeldBack
    {
        get;
        // What is not in the JSON is set to null all the same.
        init => field = value ?? [];
    } = [];
}
