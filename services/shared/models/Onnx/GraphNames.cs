namespace Forewarn.Models;

/// <summary>Names of what goes in and out of the graphs written here.</summary>
public static class GraphNames
{
    /// <summary>Rows, float32 [N, F].</summary>
    public const string Input = "X";

    /// <summary>Scores, float32 [N, 1]. A foreign model with several outputs is read by this one, too.</summary>
    public const string Output = "score";
}
