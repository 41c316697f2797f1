using System.Collections.Frozen;
using Forewarn.Contracts;

namespace Forewarn.Predictor;

/// <summary>False alarms a week that each entity may cause, as alerting shares them out. Immutable.</summary>
sealed class EntityBudgets
{
    readonly FrozenDictionary<string, double> _named;
    readonly double? _others;

    public EntityBudgets(BudgetShares shares)
    {
        At = shares.At;
        var named = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (entities, perEntity) in shares.Shares)
        {
            // The first that fits holds, and this one fits all that none before it has named.
            if (entities is not { Count: > 0 })
            {
                _others = perEntity;
                break;
            }
            foreach (var entity in entities)
                named.TryAdd(entity, perEntity);
        }
        _named = named.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Nobody has shared out anything.</summary>
    public static EntityBudgets None { get; } = new(new BudgetShares { Shares = [], At = long.MinValue });

    /// <summary>When they were shared out, unix milliseconds.</summary>
    public long At { get; }

    /// <summary>Entities named.</summary>
    public int Named => _named.Count;

    /// <summary>The entity's share; null when it is in no budget.</summary>
    public double? Of(string entity) => _named.TryGetValue(entity, out var share) ? share : _others;
}
