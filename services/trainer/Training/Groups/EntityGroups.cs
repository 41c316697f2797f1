using Forewarn.Analytics;
using Forewarn.Contracts;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>Entities that measure the same things.</summary>
/// <param name="Schema">Their columns; its hash names the group.</param>
/// <param name="Entities">By name.</param>
sealed record EntityGroup(SeriesSchema Schema, IReadOnlyList<EntityInfo> Entities)
{
    public string Hash => Schema.Hash;
}

/// <summary>Groups entities by the columns that <c>stream-processor</c> gives them at present.</summary>
sealed class EntityGroups(SchemaRegistry schemas)
{
    /// <summary>
    /// A set of columns that has not come for so long before the newest sample is none of the entity's any more: five minutes, as for
    /// <c>stream-processor</c>, and what the time in <see cref="SchemaInfo"/> may lag by.
    /// </summary>
    const long ForgottenMs = 315_000;

    /// <summary>The groups that a joint model can serve, those of the most entities first.</summary>
    public async Task<IReadOnlyList<EntityGroup>> OfAsync(IEnumerable<EntityInfo> entities, CancellationToken cancellationToken)
    {
        var bySchema = new Dictionary<string, (SeriesSchema Schema, List<EntityInfo> Entities)>(StringComparer.Ordinal);
        foreach (var entity in entities.OrderBy(entity => entity.Entity, StringComparer.Ordinal))
        {
            if (await SchemaOfAsync(entity, cancellationToken) is not { Columns.Count: >= 2 and <= JointRow.MaxMetrics } schema)
                continue;
            if (!bySchema.TryGetValue(schema.Hash, out var group))
                bySchema[schema.Hash] = group = (schema, []);
            group.Entities.Add(entity);
        }
        return [.. bySchema.Values.Select(group => new EntityGroup(group.Schema, group.Entities))
            .OrderByDescending(group => group.Entities.Count).ThenBy(group => group.Hash, StringComparer.Ordinal)];
    }

    // Null when it is not known: such an entity is served by the model for every one.
    async Task<SeriesSchema?> SchemaOfAsync(EntityInfo entity, CancellationToken cancellationToken)
    {
        if (entity.Schemas.Count == 0)
            return null;
        var parts = new List<SeriesSchema>();
        try
        {
            foreach (var part in entity.Schemas.Where(schema => schema.LastSeen >= entity.LastSeen - ForgottenMs))
                parts.Add(await schemas.GetAsync(part.Hash, cancellationToken));
        }
        catch (SchemaMissingException)
        {
            return null;
        }
        return SeriesSchema.Join(parts);
    }
}
