namespace Forewarn.Bench.History;

/// <summary>One entity's values at one instant.</summary>
readonly record struct Tick(int Entity, DateTime T, double[] Values);

/// <summary>
/// Values as hosts have them, seeded: a tenth never moves, a fifth is mostly zero, the rest are shares of whole clock ticks,
/// whole bytes per second, memory in whole pages, and latencies with every digit.
/// </summary>
sealed class HostTicks(int entities, int series)
{
    readonly Random _random = new(1);
    readonly double[] _memory = [.. Enumerable.Range(0, entities).Select(entity => 1e9 + (entity * 1e7))];

    public Tick Next(int entity, DateTime t)
    {
        var values = new double[series];
        for (var column = 0; column < series; column++)
            values[column] = Value(entity, column);
        return new Tick(entity, t, values);
    }

    /// <summary>All entities at one instant.</summary>
    public Tick[] Fleet(DateTime t) => [.. Enumerable.Range(0, entities).Select(entity => Next(entity, t))];

    double Value(int entity, int column) => (column % 10) switch
    {
        0 => 8,
        1 or 2 => _random.NextDouble() < 0.9 ? 0 : _random.Next(1, 50),
        3 or 4 or 5 => _random.Next(0, 40) / (double)_random.Next(198, 202),
        6 or 7 => 512.0 * _random.Next(0, 20_000),
        8 => _memory[entity] += 4096 * _random.Next(-20, 21),
        _ => -Math.Log(1 - _random.NextDouble()) * 0.012,
    };
}
