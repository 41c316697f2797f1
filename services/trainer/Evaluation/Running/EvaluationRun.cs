using System.Reflection;

namespace Forewarn.Trainer;

/// <summary>Runs detectors over sets, all streams at once on all cores; the figures do not depend on how many those are.</summary>
sealed class EvaluationRun(IReadOnlyList<EvaluatedKind> kinds, Action<string> progress, TimeProvider time)
{
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    readonly Lock _telling = new();
    long _told = time.GetTimestamp();

    static string CodeVersion { get; } =
        typeof(EvaluationRun).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <param name="sets">Labelled data; empty = none is measured.</param>
    /// <param name="earlyWarning">Measure early warning on generated series too.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public EvaluationReport Run(IReadOnlyList<LabelledSet> sets, bool earlyWarning, CancellationToken cancellationToken)
    {
        // The longest first, so that no core idles behind the last one.
        var work = (from set in sets from kind in kinds from stream in set.Streams select (Set: set, Kind: kind, Stream: stream))
            .OrderByDescending(item => item.Stream.Test.Values.Length + item.Stream.Training.Values.Length).ToArray();
        var done = 0;
        var results = InParallel.Select(work, item =>
        {
            var outcome = StreamOutcome.Of(item.Kind, item.Stream, item.Set.IsNab, cancellationToken);
            lock (_telling)
                Tell(++done, work.Length);
            return outcome;
        }, cancellationToken);
        var outcomes = work.Zip(results).ToDictionary(pair => (pair.First.Set.Name, pair.First.Kind.Name, pair.First.Stream.Name), pair => pair.Second);
        return new EvaluationReport
        {
            CodeVersion = CodeVersion,
            Detectors = [.. kinds.Select(kind => new DetectorText(kind.Name, kind.Description))],
            Sets = [.. sets.Select(set => Report(set, outcomes, cancellationToken))],
            EarlyWarning = earlyWarning ? WarningReport.Measure(progress, cancellationToken) : null,
        };
    }

    SetReport Report(LabelledSet set, Dictionary<(string, string, string), StreamOutcome> outcomes, CancellationToken cancellationToken)
    {
        StreamOutcome[] Of(EvaluatedKind kind) => [.. set.Streams.Select(stream => outcomes[(set.Name, kind.Name, stream.Name)])];

        progress($"{set.Name}: costs and intervals");
        Cost[] costs = [.. kinds.Select(kind => Cost.Of(kind, set.Streams[0], time))];
        var reports = InParallel.Select([.. kinds.Zip(costs)], pair => new SetFigures(set, Of(pair.First)).Report(pair.First.Name, pair.Second), cancellationToken);
        var any = Of(kinds[0]);
        return new SetReport
        {
            Set = set.Name,
            Series = set.Streams.Count,
            Points = any.Sum(outcome => outcome.Series.Labels.Length),
            Events = any.Sum(outcome => outcome.Events.Events),
            Detectors = reports,
        };
    }

    void Tell(int done, int all)
    {
        if (done < all && time.GetElapsedTime(_told) < Silence)
            return;
        _told = time.GetTimestamp();
        progress($"{done} of {all} runs over a series done");
    }
}
