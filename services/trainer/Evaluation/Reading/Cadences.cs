namespace Forewarn.Trainer;

/// <summary>Seconds between the rows of sets whose files tell no time.</summary>
/// <param name="Given">By name of the set, as the command line says.</param>
sealed record Cadences(IReadOnlyDictionary<string, int> Given)
{
    /// <summary>What a set counts as that nobody knows.</summary>
    public const int Standard = 60;

    /// <summary>The Server Machine Dataset, InterFusion's application servers and JumpStarter's services, as published.</summary>
    static readonly Dictionary<string, int> Published = new(StringComparer.Ordinal) { ["smd"] = 60, ["asd"] = 300, ["services"] = 300 };

    public static Cadences AsPublished { get; } = new(new Dictionary<string, int>(StringComparer.Ordinal));

    /// <summary>In milliseconds.</summary>
    public long Of(string set) => 1000L * (Given.TryGetValue(set, out var given) ? given : Published.GetValueOrDefault(set, Standard));
}
