using Forewarn.Contracts;
using Npgsql;
using NpgsqlTypes;

namespace Forewarn.History.Storage;

/// <summary>
/// Which messages of a delivery are new. Until it is disposed of, no other delivery stores them; disposed of without
/// <see cref="Committed"/>, it leaves open whether they were stored.
/// </summary>
sealed class Admission(WatermarkMemory memory, char stream, int messages, DateTimeOffset now) : IDisposable
{
    const string Note = "INSERT INTO history.stored (stream, seen, watermarks, lows, highs) VALUES ($1, $2, $3, $4, $5)";

    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly List<Publisher> _publishers = new(messages);
    Dictionary<(int, string), Publisher>? _claimed;
    long _claim;
    bool _committed;

    /// <summary>For each message whether it is to be stored.</summary>
    public bool[] Fresh { get; } = new bool[messages];

    /// <summary>Whose messages it stores.</summary>
    public IReadOnlyList<Publisher> Publishers => _publishers;

    /// <summary>Ends when the delivery has.</summary>
    public Task Ended => _ended.Task;

    /// <summary>It rests on a claim, which holds from the commit on.</summary>
    public void Rest(Dictionary<(int, string), Publisher> claimed, long claim) => (_claimed, _claim) = (claimed, claim);

    public (bool Known, Admission? Other) Reserve(IReadOnlyList<(int Entity, EntityMessage Message)> delivery) =>
        memory.Reserve(this, delivery, _claimed, now);

    /// <summary>Called by the memory, under its lock.</summary>
    public void Reserve(Publisher publisher, long seq, int message)
    {
        if (publisher.Reserve(seq, this))
            _publishers.Add(publisher);
        Fresh[message] = true;
    }

    /// <summary>Called by the memory, under its lock.</summary>
    public void Release()
    {
        foreach (var publisher in _publishers)
            publisher.End(this, stored: false);
        _publishers.Clear();
        Array.Clear(Fresh);
    }

    /// <summary>Marks the new messages as stored, within the transaction that stores them.</summary>
    public async Task NoteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var runs = memory.Runs(this);
        await using var command = new NpgsqlCommand(Note, connection)
        {
            Parameters =
            {
                Seal.Stream(stream), new() { Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = runs.ConvertAll(run => run.Watermark).ToArray() },
                new() { Value = runs.ConvertAll(run => run.Low).ToArray() },
                new() { Value = runs.ConvertAll(run => run.High).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The transaction was committed.</summary>
    public void Committed()
    {
        _committed = true;
        memory.Stored(this, _claimed, _claim, now);
        _ended.TrySetResult();
    }

    public void Dispose()
    {
        if (_committed)
            return;
        memory.Failed(this);
        _ended.TrySetResult();
    }
}
