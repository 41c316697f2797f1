using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>What groups' models made of the ticks of a delivery; gives its buffers back when disposed.</summary>
sealed class JointTicks : IDisposable
{
    readonly Dictionary<LoadedModel, JointRun> _runs = [];
    readonly (JointRun? Run, int Row)[] _places;

    public JointTicks(int ticks) => _places = new (JointRun?, int)[ticks];

    public IReadOnlyDictionary<LoadedModel, JointRun> Runs => _runs;

    public JointRun RunOf(LoadedModel model)
    {
        if (!_runs.TryGetValue(model, out var run))
            _runs.Add(model, run = new JointRun(model.Joint!, model.Scorer, _places.Length));
        return run;
    }

    public void Put(int tick, JointRun run, int row) => _places[tick] = (run, row);

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
        _places[tick] is { Run: { } run, Row: var row } ? work.Slot.State!.Joint.Read(run, row, work.Tick) : default;

    public void Dispose()
    {
        foreach (var run in _runs.Values)
            run.Dispose();
    }
}

/// <summary>Scores the ticks of a delivery with the models of their entities' groups, each in one run.</summary>
sealed class JointScoring(GroupModels groups, ILogger<JointScoring> logger)
{
    /// <summary>Call under the lease of the ticks' entities.</summary>
    public JointTicks Run(List<TickWork> work)
    {
        var ticks = new JointTicks(work.Count);
        if (groups.Count == 0)
            return ticks;
        try
        {
            for (var i = 0; i < work.Count; i++)
                Fill(ticks, i, work[i]);
            foreach (var (model, run) in ticks.Runs)
                Score(ticks, model, run);
            return ticks;
        }
        catch
        {
            ticks.Dispose();
            throw;
        }
    }

    void Fill(JointTicks ticks, int at, in TickWork work)
    {
        var (state, batch) = (work.Slot.State!, work.Batch);
        if (!state.Detector.IsOwn(batch.CadenceMs, work.Tick.T) || groups.Of(work.Slot.Entity, work.Schema.Hash) is not { Joint: { } group } model)
            return;
        var run = ticks.RunOf(model);
        if (state.Joint.TryFill(group, work.Slot.Entity, batch.Maturity, work.Tick, work.Schema, run.Next))
            ticks.Put(at, run, run.Keep());
    }

    void Score(JointTicks ticks, LoadedModel model, JointRun run)
    {
        if (run.Count == 0)
            return;
        try
        {
            run.Score();
        }
#pragma warning disable CA1031 // Whatever is wrong with a group's model, its entities are not left alone: the model of everybody decides.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.GroupModelFailed(logger, model.Version, fault.Message);
            ticks.Forget(run);
        }
    }
}
