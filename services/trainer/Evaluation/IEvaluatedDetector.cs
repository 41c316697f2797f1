namespace Forewarn.Trainer;

/// <summary>What a detector is told of a stream before its first row; nothing of labels.</summary>
/// <param name="Columns">Metrics in a row.</param>
/// <param name="CadenceMs">Milliseconds between rows.</param>
/// <param name="Probation">Rows at the beginning whose scores do not count; NAB tells this its detectors too.</param>
sealed record StreamShape(int Columns, long CadenceMs, int Probation);

/// <summary>What a detector says about a row.</summary>
/// <param name="Score">Finite; higher is stranger, comparable over the streams of a set.</param>
/// <param name="Alarm">Its own decision, at its shipped defaults.</param>
readonly record struct RowJudgement(double Score, bool Alarm);

/// <summary>A detector as the evaluation sees it: one object for one stream, strictly causal. Disposed when it can be.</summary>
interface IEvaluatedDetector
{
    /// <summary>Learns the training part, which may be empty. Called once, before the first <see cref="Take"/>.</summary>
    void Fit(MetricRows training);

    /// <summary>Takes the next row.</summary>
    /// <param name="t">Event time, ascending.</param>
    /// <param name="values">One for each column; NaN where it is missing.</param>
    /// <param name="contributions">How much each column makes the row strange; stays zero where the detector cannot tell. Empty when nobody asks.</param>
    RowJudgement Take(long t, ReadOnlySpan<double> values, Span<double> contributions);
}

/// <summary>A kind of detector to measure.</summary>
/// <param name="Name">As in the table and the JSON.</param>
/// <param name="Description">One line for readers of the table.</param>
/// <param name="Create">A new one for a stream.</param>
sealed record EvaluatedKind(string Name, string Description, Func<StreamShape, IEvaluatedDetector> Create);
