using System.Collections.Concurrent;
using Forewarn.Models;

namespace Forewarn.Predictor;

/// <summary>Scores the ticks of a delivery with the models of their entities' groups, each in one run.</summary>
sealed class JointScoring(GroupModels groups, ILogger<JointScoring> logger)
{
    readonly ConcurrentDictionary<string, bool> _failed = new(StringComparer.Ordinal);

    /// <summary>Call under the lease of the ticks' entities.</summary>
    /// <param name="work">Those of an entity beside each other.</param>
    public JointTicks Run(List<TickWork> work)
    {
        var ticks = new JointTicks(groups.Hold(), work.Count);
        if (ticks.IsEmpty)
            return ticks;
        try
        {
            for (var first = 0; first < work.Count;)
                first = Ask(ticks, work, first);
            for (var i = 0; i < work.Count; i++)
                ticks.Fill(i, work[i]);
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

    /// <summary>A model is asked about the ticks of an entity, not about what summarises them, be it of this very delivery.</summary>
    static int Ask(JointTicks ticks, List<TickWork> work, int first)
    {
        var slot = work[first].Slot;
        var (end, newest) = (first, long.MinValue);
        for (; end < work.Count && work[end].Slot == slot; end++)
        {
            if (work[end].Batch.CadenceMs != CadenceRules.Minutes.CadenceMs)
                newest = Math.Max(newest, work[end].Tick.T);
        }
        for (var i = first; i < end; i++)
        {
            var (cadenceMs, t) = (work[i].Batch.CadenceMs, work[i].Tick.T);
            if (slot.State!.Detector.IsOwn(cadenceMs, t) && (cadenceMs != CadenceRules.Minutes.CadenceMs || newest < t))
                ticks.Ask(i, work[i]);
        }
        return end;
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
            ticks.Forget(run);
            if (_failed.TryAdd(model.Version, true))
                Log.GroupModelFailed(logger, model.Version, fault.Message);
        }
    }
}
