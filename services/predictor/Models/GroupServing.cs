using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>
/// The models of groups in use at one time; never changes. A delivery holds it from its first row to its last verdict, so that
/// all of it is judged by the same models; what was replaced is disposed when nobody holds it any more.
/// </summary>
sealed class GroupServing
{
    readonly IReadOnlyList<LoadedModel> _models;
    readonly Dictionary<string, LoadedModel> _byEntity = new(StringComparer.Ordinal);
    readonly Dictionary<string, LoadedModel> _byGroup = new(StringComparer.Ordinal);
    GroupServing? _next;
    int _users;

    GroupServing(IReadOnlyList<LoadedModel> models, int users)
    {
        (_models, _users) = (models, users);
        foreach (var model in models.OrderBy(model => model.Manifest.CreatedAt))
        {
            _byGroup[model.Manifest.Group] = model;
            foreach (var entity in model.Joint!.Entities)
                _byEntity[entity] = model;
        }
    }

    public IReadOnlyList<LoadedModel> Models => _models;

    /// <summary>No models yet, held by who made it.</summary>
    public static GroupServing None() => new([], users: 1);

    /// <summary>The model that judges an entity jointly; null when its group has none.</summary>
    /// <param name="entity">Its name: a model that has learned from it is its own, even when its columns have changed since. Of several the newest.</param>
    /// <param name="schema">Hash of its columns.</param>
    public LoadedModel? Of(string entity, string schema) => _byEntity.GetValueOrDefault(entity) ?? _byGroup.GetValueOrDefault(schema);

    /// <summary>What comes after it, held by who called; <see cref="Leave"/> this one afterwards. At most once.</summary>
    /// <remarks>This one holds the next too until it is left by all: models go in the order in which they were replaced.</remarks>
    public GroupServing Replace(IReadOnlyList<LoadedModel> models) => _next = new GroupServing(models, users: 2);

    /// <summary>False when it was replaced and left by all: the next one is there.</summary>
    public bool TryHold()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
                return true;
            users = seen;
        }
        return false;
    }

    /// <summary>Once for each hold.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) != 0)
            return;
        foreach (var model in _models.Except(_next!._models))
            model.Dispose();
        _next.Leave();
    }
}
