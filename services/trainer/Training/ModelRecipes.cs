namespace Forewarn.Trainer;

/// <summary>The kinds of models that can be trained.</summary>
sealed class ModelRecipes(IEnumerable<IModelRecipe> recipes, TrainerOptions options)
{
    readonly SortedDictionary<string, IModelRecipe> _recipes =
        new(recipes.ToDictionary(recipe => recipe.Kind, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>Trained when nothing else is asked for.</summary>
    public IModelRecipe Standard => _recipes[options.Kind];

    /// <summary>Names of all kinds, ascending.</summary>
    public IReadOnlyCollection<string> Kinds => _recipes.Keys;

    /// <summary>The recipe of a kind, <see cref="Standard"/> for null; null for a kind that is not known.</summary>
    public IModelRecipe? Find(string? kind) => kind is null ? Standard : _recipes.GetValueOrDefault(kind);
}
