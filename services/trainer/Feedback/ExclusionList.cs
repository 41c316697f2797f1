using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>Times that no training learns from: one document, written only against its ETag.</summary>
sealed record ExclusionList
{
    /// <summary>Bounds the document; whoever needs more names longer spans.</summary>
    public const int Most = 200;

    public int V { get; init; } = 1;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<Exclusion> Items { get; init; } = [];

    /// <summary>Adds one, or gives it another reason; null when the list is full.</summary>
    public ExclusionList? With(Exclusion exclusion)
    {
        var others = Items.Where(item => item.Id != exclusion.Id).ToList();
        return others.Count >= Most ? null : this with { Items = [exclusion, .. others] };
    }

    /// <summary>Takes one away; null when it is not there.</summary>
    public ExclusionList? Without(string id) =>
        Items.Any(item => item.Id == id) ? this with { Items = [.. Items.Where(item => item.Id != id)] } : null;
}

/// <summary>The list of exclusions.</summary>
sealed class ExclusionStore(CheckpointStore state)
    : SharedDocument<ExclusionList>(state, "exclusions", "list of exclusions", RegistryJson.Default.ExclusionList);
