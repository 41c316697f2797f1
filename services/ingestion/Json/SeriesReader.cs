using System.Text.Json;
using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>Reads the <c>series</c> of a batch into a shape.</summary>
static class SeriesReader
{
    static readonly SeriesColumn _placeholder = SeriesColumn.Of("unread", "1");

    public static bool Read(ref JsonCursor json, string at, int maxSeries, out Shape? shape)
    {
        shape = null;
        var columns = new List<SeriesColumn>();
        var counting = new List<Counting>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (json.Read() && json.Token != JsonTokenType.EndArray)
        {
            var field = $"{at}[{columns.Count}]";
            if (columns.Count == maxSeries)
                return json.Refuse("count", at, $"may hold at most {maxSeries} series");
            if (json.Token != JsonTokenType.StartObject)
                return json.Refuse("type", field, "must be an object");
            if (!Column(ref json, field, out var column, out var isCounter))
                return false;
            if (!known.Add(column.Id))
                return json.Refuse("duplicate", field, "repeats a series: name and labels are the same");
            columns.Add(column);
            counting.Add(new Counting(isCounter));
        }
        if (columns.Count == 0)
            return json.Refuse("count", at, "must hold at least one series");
        shape = new Shape(SeriesSchema.Of(columns), counting.Exists(one => one.IsCounter) ? counting : null);
        return true;
    }

    static bool Column(ref JsonCursor json, string at, out SeriesColumn column, out bool isCounter)
    {
        (column, isCounter) = (_placeholder, false);
        string? name = null;
        string? unit = null;
        double? limit = null;
        Dictionary<string, string>? labels = null;
        var seen = Fields.None;
        while (json.Read() && json.Token == JsonTokenType.PropertyName)
        {
            var field = FieldOf(in json);
            if (field == Fields.None)
                return json.Unknown(at);
            var path = $"{at}.{field.ToString().ToLowerInvariant()}";
            if (seen.HasFlag(field))
                return json.Refuse("duplicate", path, "occurs twice");
            seen |= field;
            var read = field switch
            {
                Fields.Name => json.Text(path, out var text) && Allowed(ref json, path, name = text, Names.WhyNotSeries(text)),
                Fields.Unit => json.OptionalText(path, out unit) && Allowed(ref json, path, unit, unit is null ? null : Names.WhyNotUnit(unit)),
                Fields.Limit => json.OptionalNumber(path, out limit),
                Fields.Type => Type(ref json, path, out isCounter),
                _ => Labels(ref json, path, out labels),
            };
            if (!read)
                return false;
        }
        if (name is null)
            return json.Refuse("missing", $"{at}.name", "is missing");
        unit ??= "1";
        if (isCounter)
        {
            if (unit.Contains('/', StringComparison.Ordinal))
                return json.Refuse("unit", $"{at}.unit", "must be the unit of what is counted: it is published per second");
            unit = Counting.UnitOfRate(unit);
            if (!Allowed(ref json, $"{at}.unit", unit, Names.WhyNotUnit(unit)))
                return false;
        }
        column = SeriesColumn.Of(name, unit, labels, limit);
        return true;
    }

    static bool Type(ref JsonCursor json, string at, out bool isCounter)
    {
        var read = json.OptionalText(at, out var type);
        isCounter = type == "counter";
        return read && (type is null or "gauge" or "counter" || json.Refuse("type", at, "must be \"gauge\" or \"counter\""));
    }

    static bool Labels(ref JsonCursor json, string at, out Dictionary<string, string>? labels)
    {
        labels = null;
        json.Read();
        if (json.Token == JsonTokenType.Null)
            return true;
        if (json.Token != JsonTokenType.StartObject)
            return json.Refuse("type", at, "must be an object of strings");
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        while (json.Read() && json.Token == JsonTokenType.PropertyName)
        {
            if (found.Count == Names.MaxLabels)
                return json.Refuse("count", at, $"may hold at most {Names.MaxLabels} labels");
            if (!json.CurrentText(at, out var key) || !Allowed(ref json, $"{at}.{JsonCursor.Quote(key)}", key, Names.WhyNotLabelKey(key)))
                return false;
            var path = $"{at}.{key}";
            if (!json.Text(path, out var value) || !Allowed(ref json, path, value, Names.WhyNotLabelValue(value)))
                return false;
            if (!found.TryAdd(key, value))
                return json.Refuse("duplicate", path, "occurs twice");
        }
        labels = found;
        return true;
    }

    static bool Allowed(ref JsonCursor json, string path, string? text, string? reason) =>
        text is null || reason is null || json.Refuse("name", path, reason);

    static Fields FieldOf(in JsonCursor json) =>
        json.Is("name"u8) ? Fields.Name : json.Is("unit"u8) ? Fields.Unit
        : json.Is("labels"u8) ? Fields.Labels : json.Is("limit"u8) ? Fields.Limit : json.Is("type"u8) ? Fields.Type : Fields.None;

    [Flags]
    enum Fields
    {
        None = 0,
        Name = 1,
        Unit = 2,
        Labels = 4,
        Limit = 8,
        Type = 16,
    }
}
