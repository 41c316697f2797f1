namespace Forewarn.Models;

/// <summary>Names of what goes in and out of the graphs written here.</summary>
public static class GraphNames
{
    /// <summary>Rows, float32 [N, F].</summary>
    public const string Input = "X";

    /// <summary>Scores, float32 [N, 1]. A foreign model with several outputs is read by this one, too.</summary>
    public const string Output = "score";

    /// <summary>How strange each metric of a row is, float32 [N, M]; not every model has it.</summary>
    public const string Energy = "energy";

    /// <summary>What a model expects of each metric of a row, float32 [N, M]; not every model has it.</summary>
    public const string Expected = "expected";

    /// <summary>What a joint model's forest reads, float32 [N, R]: logarithms of distances, the first M of them one a metric. Fetched only to explain an alarm.</summary>
    public const string ForestInput = "energies";
}
