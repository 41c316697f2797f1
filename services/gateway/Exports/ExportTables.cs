using System.Text.Json;
using System.Text.Json.Serialization;
using Forewarn.Contracts;

namespace Forewarn.Gateway.Exports;

/// <summary>What is exported, page by page of history's answers, as columns.</summary>
abstract class ExportTable
{
    public abstract IReadOnlyList<ExportColumn> Columns { get; }

    /// <summary>Takes a page as history sent it; gives the cursor of the next one, null on the last.</summary>
    /// <exception cref="JsonException">It is no such page.</exception>
    public abstract string? Add(ReadOnlySpan<byte> page);

    public static ExportTable Of(ExportRequest request) => request.Kind switch
    {
        ExportKind.Scores => new ScoreTable(),
        ExportKind.Incidents => new IncidentTable(),
        _ => request.HasSteps ? new StepTable() : new SampleTable(),
    };

    protected static T Read<T>(ReadOnlySpan<byte> page, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(page, type) ?? throw new JsonException("The page is null.");
}

/// <summary>The columns that say which series a row is of.</summary>
sealed class SeriesColumns
{
    readonly TextColumn _entity = new("entity"), _name = new("name"), _labels = new("labels"), _unit = new("unit"), _series = new("series");

    public IReadOnlyList<ExportColumn> Columns => [_entity, _name, _labels, _unit, _series];

    public void Add(string entity, SampleSeries series, string labels)
    {
        _entity.Add(entity);
        _name.Add(series.Name);
        _labels.Add(labels);
        _unit.Add(series.Unit);
        _series.Add(series.Id);
    }

    /// <summary>Labels as JSON, in the order of their keys, so that the same labels are the same text.</summary>
    public static string[] LabelsOf(SampleSet set) => [.. set.Series.Select(series => JsonSerializer.Serialize(
        new SortedDictionary<string, string>(series.Labels.ToDictionary(), StringComparer.Ordinal), ExportJson.Default.SortedDictionaryStringString))];
}

/// <summary>A row per measured value.</summary>
sealed class SampleTable : ExportTable
{
    readonly SeriesColumns _series = new();
    readonly TimeColumn _t = new("t");
    readonly NumberColumn _value = new("value");

    public override IReadOnlyList<ExportColumn> Columns => [.. _series.Columns, _t, _value];

    public override string? Add(ReadOnlySpan<byte> page)
    {
        var samples = Read(page, ContractJson.Default.SamplePage);
        foreach (var set in samples.Sets)
        {
            var labels = SeriesColumns.LabelsOf(set);
            foreach (var row in set.Rows)
            {
                for (var i = 0; i < set.Series.Count; i++)
                {
                    if (row.Value is not { } values || double.IsNaN(values[i]))
                        continue;
                    _series.Add(set.Entity, set.Series[i], labels[i]);
                    _t.Add(row.T);
                    _value.Add(values[i]);
                }
            }
        }
        return samples.Next;
    }
}

/// <summary>A row per series and step in which anything was measured.</summary>
sealed class StepTable : ExportTable
{
    readonly SeriesColumns _series = new();
    readonly TimeColumn _t = new("t");
    readonly NumberColumn _min = new("min"), _max = new("max"), _mean = new("mean");
    readonly IntegerColumn _count = new("count");

    public override IReadOnlyList<ExportColumn> Columns => [.. _series.Columns, _t, _min, _max, _mean, _count];

    public override string? Add(ReadOnlySpan<byte> page)
    {
        var samples = Read(page, ContractJson.Default.SamplePage);
        foreach (var set in samples.Sets)
        {
            var labels = SeriesColumns.LabelsOf(set);
            foreach (var row in set.Rows)
            {
                for (var i = 0; i < set.Series.Count; i++)
                {
                    if (row is not { Min: { } min, Max: { } max, Mean: { } mean, Count: { } count } || count[i] == 0)
                        continue;
                    _series.Add(set.Entity, set.Series[i], labels[i]);
                    _t.Add(row.T);
                    _min.Add(min[i]);
                    _max.Add(max[i]);
                    _mean.Add(mean[i]);
                    _count.Add(count[i]);
                }
            }
        }
        return samples.Next;
    }
}

/// <summary>A row per verdict.</summary>
sealed class ScoreTable : ExportTable
{
    readonly TextColumn _entity = new("entity"), _model = new("model");
    readonly TimeColumn _t = new("t");
    readonly IntegerColumn _cadence = new("cadence_ms");
    readonly SingleColumn _score = new("score");
    readonly NumberColumn _p = new("p");
    readonly FlagColumn _extrapolated = new("extrapolated"), _anomalous = new("anomalous");

    public override IReadOnlyList<ExportColumn> Columns => [_entity, _t, _cadence, _model, _score, _p, _extrapolated, _anomalous];

    public override string? Add(ReadOnlySpan<byte> page)
    {
        var verdicts = Read(page, ContractJson.Default.PagePredictionInfo);
        foreach (var one in verdicts.Items)
        {
            _entity.Add(one.Entity);
            _t.Add(one.T);
            _cadence.Add(one.CadenceMs);
            _model.Add(one.Model);
            _score.Add(one.Score);
            _p.Add(one.P);
            _extrapolated.Add(one.Extrapolated);
            _anomalous.Add(one.Anomalous);
        }
        return verdicts.Next;
    }
}

/// <summary>A row per incident in its newest revision.</summary>
sealed class IncidentTable : ExportTable
{
    readonly TextColumn _id = new("id"), _entity = new("entity"), _kind = new("kind"), _status = new("status"), _severity = new("severity");
    readonly TextColumn _summary = new("summary"), _model = new("model");
    readonly TimeColumn _started = new("started_at"), _opened = new("opened_at"), _updated = new("updated_at");
    readonly OptionalTimeColumn _acknowledged = new("acknowledged_at"), _resolved = new("resolved_at");
    readonly IntegerColumn _count = new("detections");
    readonly NumberColumn _score = new("score");
    readonly OptionalNumberColumn _p = new("p");

    public override IReadOnlyList<ExportColumn> Columns =>
        [_id, _entity, _kind, _status, _severity, _summary, _started, _opened, _updated, _acknowledged, _resolved, _count, _score, _p, _model];

    public override string? Add(ReadOnlySpan<byte> page)
    {
        var incidents = Read(page, ContractJson.Default.PageIncidentEvent);
        foreach (var one in incidents.Items)
        {
            _id.Add(one.Id);
            _entity.Add(one.Entity);
            _kind.Add(JsonNamingPolicy.KebabCaseLower.ConvertName(one.Kind.ToString()));
            _status.Add(JsonNamingPolicy.KebabCaseLower.ConvertName(one.Status.ToString()));
            _severity.Add(JsonNamingPolicy.KebabCaseLower.ConvertName(one.Severity.ToString()));
            _summary.Add(one.Summary);
            _started.Add(one.StartedAt);
            _opened.Add(one.OpenedAt);
            _updated.Add(one.UpdatedAt);
            _acknowledged.Add(one.AcknowledgedAt);
            _resolved.Add(one.ResolvedAt);
            _count.Add(one.Count);
            _score.Add(one.Score);
            _p.Add(one.P);
            _model.Add(one.Model);
        }
        return incidents.Next;
    }
}

[JsonSerializable(typeof(SortedDictionary<string, string>))]
sealed partial class ExportJson : JsonSerializerContext;
