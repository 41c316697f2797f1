using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>
/// An entity's own part of its group's model: which of its columns fills which slot, its scaling, and how an answer is read
/// back. Ticks come in order; several may be filled before the first of them is read. Not thread-safe.
/// </summary>
/// <remarks>
/// An entity that the model has learned from brings its scaling with the model and is judged as soon as its windows are filled.
/// Any other borrows from its group (<see cref="BorrowedScaling"/>) and is judged after so many rows of its own.
/// </remarks>
public sealed class JointEntity
{
    const byte CheckpointVersion = 1;

    static readonly double LeastScale = new JointOptions().LeastScale;

    GroupModel? _model;
    string _layout = "";
    string _schema = "";
    int[] _columnOfSlot = [];
    float[] _gathered = [];
    float[] _energies = [];
    double[] _expected = [];
    bool[] _present = [];
    JointScaling? _scaling;
    BorrowedScaling? _borrowed;
    long _borrowedTo = long.MinValue;
    JointView? _view;

    /// <summary>Fills the row that the model scores; null while the entity cannot be judged by it. The same tick again teaches nothing.</summary>
    /// <param name="model">Of the entity's group.</param>
    /// <param name="entity">Its name.</param>
    /// <param name="maturity">Of its features.</param>
    /// <param name="tick">Features, columns x <see cref="FeatureSpec.Count"/>.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="row"><see cref="GroupModel.Metrics"/> x <see cref="JointRow.Count"/>.</param>
    /// <returns>What the answer to the row is read with.</returns>
    public JointView? Fill(GroupModel model, string entity, EntityMaturity maturity, FeatureTick tick, SeriesSchema schema, Span<float> row)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tick);
        ArgumentNullException.ThrowIfNull(schema);
        if (maturity != EntityMaturity.Warm)
            return null;
        Bind(model, entity, schema);
        MakeRoom(model.Metrics);
        JointRow.Gather(tick.Features, _columnOfSlot, _gathered);
        if (_borrowed is not null && tick.T > _borrowedTo)
            (_scaling, _borrowedTo) = (_borrowed.Take(_gathered, model.Typical, LeastScale), tick.T);
        if (_scaling is null)
            return null;
        _scaling.Apply(_gathered, row, _present);
        if (_view?.Reads(model, _columnOfSlot, _scaling) != true)
            _view = new JointView(model, _columnOfSlot, _scaling);
        return _view;
    }

    /// <summary>Reads what the model answered to the row of a tick. Valid until the next call.</summary>
    /// <param name="view">As <see cref="Fill"/> gave it.</param>
    /// <param name="run">In which it was scored.</param>
    /// <param name="row">Its place there.</param>
    /// <param name="tick">The tick.</param>
    public JointEvidence Read(JointView view, JointRun run, int row, FeatureTick tick)
    {
        ArgumentNullException.ThrowIfNull(view);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(tick);
        if (view.Model != run.Group)
            throw new ArgumentException($"The row was filled for model {view.Model.Version}, the answer is of {run.Group.Version}.", nameof(view));
        ReadOnlySpan<float> energies = run.EnergiesOf(row), expected = run.ExpectedOf(row);
        MakeRoom(energies.Length);
        for (var slot = 0; slot < energies.Length; slot++)
        {
            var column = view.ColumnOfSlot[slot];
            _present[slot] = column >= 0 && !float.IsNaN(tick.Features[column * FeatureSpec.Count]) && view.Scaling.Knows(slot);
            _energies[slot] = _present[slot] ? energies[slot] : 0;
            _expected[slot] = _present[slot] ? view.Scaling.ValueOf(slot, expected[slot]) : double.NaN;
        }
        var corrected = GroupModel.ScoreOf(run.ScoreOf(row), energies, _present);
        return new JointEvidence
        {
            Model = view.Model.Version,
            Prior = view.Model.Prior,
            Score = float.IsFinite(corrected) ? Math.Max(0, corrected) : 0,
            Energies = _energies,
            Expected = _expected,
            ColumnOfSlot = view.ColumnOfSlot,
            Run = run,
            Row = row,
        };
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(CheckpointVersion);
        writer.Write(_layout);
        writer.Write(_borrowedTo);
        writer.Write(_borrowed is not null);
        _borrowed?.Write(writer);
    }

    /// <exception cref="InvalidDataException">The bytes are no checkpoint of this version.</exception>
    public static JointEntity Read(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var version = reader.ReadByte();
        if (version != CheckpointVersion)
            throw new InvalidDataException($"An entity's part of a joint model has version {version}, this program reads {CheckpointVersion}.");
        return new JointEntity
        {
            _layout = reader.ReadString(),
            _borrowedTo = reader.ReadInt64(),
            _borrowed = reader.ReadBoolean() ? BorrowedScaling.Read(reader) : null,
        };
    }

    void Bind(GroupModel model, string entity, SeriesSchema schema)
    {
        if (_model != model)
        {
            // What was borrowed is of the metrics, whichever model lends: it ends with other metrics only.
            if (_layout != model.Layout)
                (_borrowed, _borrowedTo) = (null, long.MinValue);
            _scaling = model.ScalingOf(entity);
            _borrowed = _scaling is null ? _borrowed ?? new BorrowedScaling(model.Metrics) : null;
            (_model, _layout, _schema) = (model, model.Layout, "");
            _gathered = new float[model.Metrics * JointRow.Count];
        }
        if (_schema == schema.Hash)
            return;
        var columns = new Dictionary<string, int>(schema.Columns.Count, StringComparer.Ordinal);
        for (var i = 0; i < schema.Columns.Count; i++)
            columns[schema.Columns[i].Id] = i;
        _columnOfSlot = [.. model.Columns.Select(id => columns.GetValueOrDefault(id, -1))];
        _schema = schema.Hash;
    }

    void MakeRoom(int metrics)
    {
        if (_energies.Length != metrics)
            (_energies, _expected, _present) = (new float[metrics], new double[metrics], new bool[metrics]);
    }
}
