using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>What groups' models make of the ticks of a delivery; gives back its buffers and the models when disposed.</summary>
/// <param name="serving">Held; left when disposed.</param>
/// <param name="ticks">How many.</param>
sealed class JointTicks(GroupServing serving, int ticks) : IDisposable
{
    readonly Place[] _places = serving.Models.Count == 0 ? [] : new Place[ticks];
    readonly Dictionary<LoadedModel, int> _asked = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<LoadedModel, JointRun> _runs = new(ReferenceEqualityComparer.Instance);

    public bool IsEmpty => _places.Length == 0;

    public IReadOnlyDictionary<LoadedModel, JointRun> Runs => _runs;

    /// <summary>The model of a tick's group will be asked, if there is one. All ticks are asked for before the first is filled.</summary>
    public void Ask(int tick, in TickWork work)
    {
        if (serving.Of(work.Slot.Entity, work.Schema.Hash) is not { } model)
            return;
        _places[tick] = new Place(model, null, 0, null);
        _asked[model] = _asked.GetValueOrDefault(model) + 1;
    }

    /// <summary>Fills the row of a tick that was asked for, where the entity can be judged.</summary>
    public void Fill(int tick, in TickWork work)
    {
        if (_places[tick].Model is not { Joint: { } group } model)
            return;
        if (!_runs.TryGetValue(model, out var run))
            _runs.Add(model, run = new JointRun(group, model.Scorer, _asked[model]));
        if (work.Slot.State!.Joint.Fill(group, work.Slot.Entity, work.Batch.Maturity, work.Tick, work.Schema, run.Next) is { } view)
            _places[tick] = new Place(model, run, run.Keep(), view);
    }

    /// <summary>The rows of a model that failed are as if it had not been asked.</summary>
    public void Forget(JointRun run)
    {
        foreach (ref var place in _places.AsSpan())
        {
            if (place.Run == run)
                place = default;
        }
    }

    /// <summary>What the model of its group says about a tick; none where there is none.</summary>
    public JointEvidence Of(int tick, in TickWork work) =>
        !IsEmpty && _places[tick] is { Run: { } run, View: { } view, Row: var row } ? work.Slot.State!.Joint.Read(view, run, row, work.Tick) : default;

    public void Dispose()
    {
        foreach (var run in _runs.Values)
            run.Dispose();
        serving.Leave();
    }

    readonly record struct Place(LoadedModel? Model, JointRun? Run, int Row, JointView? View);
}
