using System.Text.Json;
using System.Text.Unicode;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>
/// Reads what <see cref="ExternalBatch"/> describes, strictly: an unknown or repeated field, a wrong type, a name that is
/// not allowed or a time out of range refuses the whole body and says where. Optional fields may be <c>null</c>.
/// </summary>
ref struct ExternalReader
{
    const int MaxBatches = 1_000;
    const int MaxRows = 20_000;

    readonly IngestionOptions _options;
    readonly ShapeCache _shapes;
    readonly string _source;
    readonly long _received;
    readonly List<Submission> _submissions = [];
    JsonCursor _json;
    string _at = "$";
    double[] _values = new double[64];

    ExternalReader(ReadOnlySpan<byte> body, string source, long received, IngestionOptions options, ShapeCache shapes)
    {
        _json = new JsonCursor(body);
        (_options, _shapes, _source, _received) = (options, shapes, source, received);
    }

    /// <summary>Everything the body holds, or why it is refused.</summary>
    /// <param name="source">The door, for <see cref="MetricBatch.Source"/>.</param>
    /// <param name="received">Time of receipt, unix milliseconds: the time of a row without one, and what limits are measured against.</param>
    public static Refusal? Read(
        ReadOnlySpan<byte> body, string source, long received, IngestionOptions options, ShapeCache shapes, out IReadOnlyList<Submission> submissions)
    {
        submissions = [];
        if (!Utf8.IsValid(body))
            return new(400, "syntax", "$", "is not valid UTF-8");
        var reader = new ExternalReader(body, source, received, options, shapes);
        try
        {
            if (!reader.Body())
                return reader._json.Refusal;
        }
        catch (JsonException syntax)
        {
            return new(400, "syntax", reader._at, $"is not valid JSON (line {syntax.LineNumber + 1}, byte {syntax.BytePositionInLine + 1})");
        }
        submissions = reader._submissions;
        return null;
    }

    bool Body()
    {
        _json.Read();
        if (_json.Token == JsonTokenType.StartObject)
            return Batch() && End();
        if (_json.Token != JsonTokenType.StartArray)
            return _json.Refuse("type", "$", "must be a batch or an array of batches");
        for (var index = 0; _json.Read() && _json.Token != JsonTokenType.EndArray; index++)
        {
            _at = $"$[{index}]";
            if (index == MaxBatches)
                return _json.Refuse("count", "$", $"may hold at most {MaxBatches} batches");
            if (_json.Token != JsonTokenType.StartObject)
                return _json.Refuse("type", _at, "must be an object");
            if (!Batch())
                return false;
        }
        _at = "$";
        return End() && (_submissions.Count > 0 || _json.Refuse("count", "$", "must hold at least one batch"));
    }

    /// <summary>Whatever follows the value makes the reader throw.</summary>
    bool End()
    {
        _json.Read();
        return true;
    }

    bool Batch()
    {
        string? entity = null;
        Shape? shape = null;
        List<(long? T, double[] Values)>? rows = null;
        IReadOnlyDictionary<string, string>? attributes = null;
        while (_json.Read() && _json.Token == JsonTokenType.PropertyName)
        {
            var read = true switch
            {
                _ when _json.Is("entity"u8) => Once(entity is null, "entity") && Entity(out entity),
                _ when _json.Is("series"u8) => Once(shape is null, "series") && Series(out shape),
                _ when _json.Is("attributes"u8) => Once(attributes is null, "attributes") && AttributesReader.Read(ref _json, $"{_at}.attributes", out attributes),
                _ when _json.Is("rows"u8) => Once(rows is null, "rows") && Rows(out rows),
                _ => _json.Unknown(_at),
            };
            if (!read)
                return false;
        }
        if (entity is null)
            return Missing("entity");
        if (shape is null)
            return Missing("series");
        return rows is null ? Missing("rows") : Complete(entity, shape, attributes, rows);
    }

    bool Once(bool first, string field) => first || _json.Refuse("duplicate", $"{_at}.{field}", "occurs twice");

    bool Missing(string field) => _json.Refuse("missing", $"{_at}.{field}", "is missing");

    bool Entity(out string? entity)
    {
        entity = null;
        if (!_json.Text($"{_at}.entity", out var text))
            return false;
        entity = text;
        return Names.WhyNotEntity(text) is not { } reason || _json.Refuse("name", $"{_at}.entity", reason);
    }

    bool Series(out Shape? shape)
    {
        shape = null;
        if (!_json.Next(JsonTokenType.StartArray, $"{_at}.series", "an array"))
            return false;
        var key = ShapeCache.KeyOf(_json.PeekValue());
        if (_shapes.Find(key) is { } known)
        {
            shape = known;
            _json.Skip();
            return true;
        }
        if (!SeriesReader.Read(ref _json, $"{_at}.series", _options.MaxSeriesPerEntity, out shape))
            return false;
        _shapes.Add(key, shape!);
        return true;
    }

    bool Rows(out List<(long? T, double[] Values)>? rows)
    {
        rows = null;
        if (!_json.Next(JsonTokenType.StartArray, $"{_at}.rows", "an array"))
            return false;
        var found = new List<(long?, double[])>();
        while (_json.Read() && _json.Token != JsonTokenType.EndArray)
        {
            var at = $"{_at}.rows[{found.Count}]";
            if (found.Count == MaxRows)
                return _json.Refuse("count", $"{_at}.rows", $"may hold at most {MaxRows} rows");
            if (_json.Token != JsonTokenType.StartObject)
                return _json.Refuse("type", at, "must be an object");
            if (!Row(at, out var row))
                return false;
            found.Add(row);
        }
        rows = found;
        return found.Count > 0 || _json.Refuse("count", $"{_at}.rows", "must hold at least one row");
    }

    bool Row(string at, out (long? T, double[] Values) row)
    {
        row = default;
        var timed = false;
        while (_json.Read() && _json.Token == JsonTokenType.PropertyName)
        {
            if (_json.Is("t"u8))
            {
                if (timed)
                    return _json.Refuse("duplicate", $"{at}.t", "occurs twice");
                timed = true;
                if (!_json.OptionalInteger($"{at}.t", out row.T) || (row.T is { } t && !InTime(at, t)))
                    return false;
            }
            else if (_json.Is("values"u8))
            {
                if (row.Values is not null)
                    return _json.Refuse("duplicate", $"{at}.values", "occurs twice");
                if (!Values($"{at}.values", out row.Values))
                    return false;
            }
            else
            {
                return _json.Unknown(at);
            }
        }
        return row.Values is not null || _json.Refuse("missing", $"{at}.values", "is missing");
    }

    bool InTime(string at, long t)
    {
        const long Hour = 3_600_000;
        if (t > _received + Hour)
            return _json.Refuse("time", $"{at}.t", "lies more than an hour ahead (whole milliseconds since 1970 are expected)");
        return t >= _received - (long)_options.Retention.TotalMilliseconds
            || _json.Refuse("time", $"{at}.t", $"is older than {_options.RetentionDays} days (whole milliseconds since 1970 are expected)");
    }

    bool Values(string at, out double[] values)
    {
        values = null!;
        if (!_json.Next(JsonTokenType.StartArray, at, "an array"))
            return false;
        var count = 0;
        while (_json.Read() && _json.Token != JsonTokenType.EndArray)
        {
            if (count == _options.MaxSeriesPerEntity)
                return _json.Refuse("count", at, $"may hold at most {_options.MaxSeriesPerEntity} values");
            if (!_json.CurrentNumber(at, count, out var number))
                return false;
            if (count == _values.Length)
                Array.Resize(ref _values, count * 2);
            _values[count++] = number;
        }
        values = _values.AsSpan(0, count).ToArray();
        return true;
    }

    bool Complete(string entity, Shape shape, IReadOnlyDictionary<string, string>? attributes, List<(long? T, double[] Values)> rows)
    {
        var schema = shape.Schema;
        var complete = new MetricRow[rows.Count];
        var ascending = true;
        for (var i = 0; i < complete.Length; i++)
        {
            if (rows[i].Values.Length != schema.Columns.Count)
                return _json.Refuse("count", $"{_at}.rows[{i}].values", $"has {rows[i].Values.Length} values for {schema.Columns.Count} series");
            if (rows[i].T is null && rows.Count > 1)
                return _json.Refuse("time", $"{_at}.rows[{i}].t", "may be absent only when there is one row");
            complete[i] = new MetricRow(rows[i].T ?? _received, rows[i].Values);
            ascending &= i == 0 || complete[i].T > complete[i - 1].T;
        }
        if (!ascending)
        {
            Array.Sort(complete, static (a, b) => a.T.CompareTo(b.T));
            for (var i = 1; i < complete.Length; i++)
            {
                if (complete[i].T == complete[i - 1].T)
                    return _json.Refuse("duplicate", $"{_at}.rows", $"has two rows for the time {complete[i].T}");
            }
        }
        _submissions.Add(new Submission(entity, schema, complete, _source) { Counting = shape.Counting, Attributes = attributes });
        return true;
    }
}
