namespace Forewarn.Contracts;

/// <summary>Whom a model can serve.</summary>
public static class ModelGroups
{
    /// <summary>Every entity: the model reads scale-free rows only. Any other group is the hash of the columns that its entities have.</summary>
    public const string Any = "any";
}
