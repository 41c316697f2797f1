namespace Forewarn.Contracts;

/// <summary>Bounds of what an incident carries.</summary>
public static class IncidentRules
{
    /// <summary>Most entities and symptoms listed; more are counted only.</summary>
    public const int MostListed = 50;

    /// <summary>Most lines of the timeline; the oldest but one give way.</summary>
    public const int MostTimeline = 100;

    /// <summary>Longest name of a person.</summary>
    public const int MaxWho = 64;

    /// <summary>Longest comment or reason.</summary>
    public const int MaxText = 500;
}
