using Forewarn.Analytics;
using Forewarn.Contracts;

namespace Forewarn.Models;

/// <summary>
/// An entity's own part of its group's model: which of its columns fills which slot, its scaling, and how an answer is read
/// back. Ticks come in order. Not thread-safe.
/// </summary>
/// <remarks>
/// An entity that the model has learned from brings its scaling with the model and is judged as soon as its windows are filled.
/// Any other borrows from its group (<see cref="BorrowedScaling"/>) and is judged after so many rows of its own.
/// </remarks>
public sealed class JointEntity
{
    const byte CheckpointVersion = 1;

    static readonly double LeastScale = new JointOptions().LeastScale;

    string _model = "";
    string _schema = "";
    int[] _columnOfSlot = [];
    float[] _gathered = [];
    float[] _energies = [];
    double[] _expected = [];
    bool[] _present = [];
    JointScaling? _scaling;
    BorrowedScaling? _borrowed;

    /// <summary>Fills the row that the model scores, once for each tick; false while the entity cannot be judged by it.</summary>
    /// <param name="model">Of the entity's group.</param>
    /// <param name="entity">Its name.</param>
    /// <param name="maturity">Of its features.</param>
    /// <param name="tick">Features, columns x <see cref="FeatureSpec.Count"/>.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="row"><see cref="GroupModel.Metrics"/> x <see cref="JointRow.Count"/>.</param>
    public bool TryFill(GroupModel model, string entity, EntityMaturity maturity, FeatureTick tick, SeriesSchema schema, Span<float> row)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tick);
        Bind(model, entity, schema);
        if (maturity != EntityMaturity.Warm)
            return false;
        JointRow.Gather(tick.Features, _columnOfSlot, _gathered);
        if (_borrowed is not null)
            _scaling = _borrowed.Take(_gathered, model.Typical, LeastScale);
        if (_scaling is null)
            return false;
        _scaling.Apply(_gathered, row, _present);
        return true;
    }

    /// <summary>Reads what the model answered to the row of a tick. Valid until the next call.</summary>
    /// <param name="run">In which it was scored.</param>
    /// <param name="row">Its place there.</param>
    /// <param name="tick">The tick.</param>
    public JointEvidence Read(JointRun run, int row, FeatureTick tick)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(tick);
        var model = run.Group;
        ReadOnlySpan<float> energies = run.EnergiesOf(row), expected = run.ExpectedOf(row);
        if (_scaling is not { } scaling || _model != model.Version)
            throw new InvalidOperationException("A row is filled before its answer is read.");
        for (var slot = 0; slot < energies.Length; slot++)
        {
            var column = _columnOfSlot[slot];
            _present[slot] = column >= 0 && !float.IsNaN(tick.Features[column * FeatureSpec.Count]) && scaling.Knows(slot);
            _energies[slot] = _present[slot] ? energies[slot] : 0;
            _expected[slot] = _present[slot] ? scaling.ValueOf(slot, expected[slot]) : double.NaN;
        }
        var corrected = GroupModel.ScoreOf(run.ScoreOf(row), energies, _present);
        return new JointEvidence
        {
            Model = model.Version,
            Prior = model.Prior,
            Score = float.IsFinite(corrected) ? Math.Max(0, corrected) : 0,
            Energies = _energies,
            Expected = _expected,
            ColumnOfSlot = _columnOfSlot,
        };
    }

    public void Write(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(CheckpointVersion);
        writer.Write(_model);
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
        return new JointEntity { _model = reader.ReadString(), _borrowed = reader.ReadBoolean() ? BorrowedScaling.Read(reader) : null };
    }

    void Bind(GroupModel model, string entity, SeriesSchema schema)
    {
        if (_model != model.Version || _gathered.Length == 0)
        {
            _scaling = model.ScalingOf(entity);
            // What was borrowed of another model is of other columns, perhaps.
            if (_model != model.Version)
                _borrowed = null;
            _borrowed = _scaling is null ? _borrowed ?? new BorrowedScaling(model.Metrics) : null;
            _gathered = new float[model.Metrics * JointRow.Count];
            (_energies, _expected, _present) = (new float[model.Metrics], new double[model.Metrics], new bool[model.Metrics]);
            (_model, _schema) = (model.Version, "");
        }
        if (_schema == schema.Hash)
            return;
        var columns = new Dictionary<string, int>(schema.Columns.Count, StringComparer.Ordinal);
        for (var i = 0; i < schema.Columns.Count; i++)
            columns[schema.Columns[i].Id] = i;
        _columnOfSlot = [.. model.Columns.Select(id => columns.GetValueOrDefault(id, -1))];
        _schema = schema.Hash;
    }
}
