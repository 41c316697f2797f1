using Forewarn.History.Ranges;

namespace Forewarn.History.Searches;

/// <summary>A condition on one label: it is there and its value matches, or, negated, that is not so.</summary>
sealed record LabelFilter(string Key, Glob Value, bool Negated);

/// <summary>Which series of which entities a question is about; what is null or empty is not asked for.</summary>
sealed record SeriesFilter(Glob? Entity, Glob? Name, string? Unit, IReadOnlyList<LabelFilter> Labels, IReadOnlyList<string> Ids)
{
    public const int MostLabels = 16;

    public static readonly SeriesFilter All = new(null, null, null, [], []);

    /// <summary>It says nothing about series, only about entities.</summary>
    public bool TakesAllSeries => Name is null && Unit is null && Labels.Count == 0 && Ids.Count == 0;

    /// <exception cref="BadRequestException">A part cannot be used.</exception>
    public static SeriesFilter Parse(string? entity, string? name = null, string? unit = null, IReadOnlyList<string>? labels = null, string? series = null)
    {
        if (labels?.Count > MostLabels)
            throw new BadRequestException("label", $"{labels.Count} labels; at most {MostLabels} at once.");
        if (unit?.Contains('\0', StringComparison.Ordinal) == true)
            throw new BadRequestException("unit", "unit must not hold NUL.");
        return new SeriesFilter(
            string.IsNullOrEmpty(entity) ? null : Glob.Parse("entity", entity),
            string.IsNullOrEmpty(name) ? null : Glob.Parse("name", name, prefix: true),
            string.IsNullOrEmpty(unit) ? null : unit,
            [.. (labels ?? []).Select(ParseLabel)],
            RangeRequest.ParseIds(series));
    }

    static LabelFilter ParseLabel(string text)
    {
        var negated = text.StartsWith('!');
        var condition = negated ? text[1..] : text;
        var colon = condition.IndexOf(':', StringComparison.Ordinal);
        if (colon < 1 || condition.AsSpan(0, colon).ContainsAny('\0', '*'))
            throw new BadRequestException("label", "label must be key:value, key:* for any value, or !key:value for neither; the key holds no star.");
        if (colon == condition.Length - 1)
            throw new BadRequestException("label", $"label {condition[..Math.Min(colon, 80)]} needs a value; * stands for any.");
        return new LabelFilter(condition[..colon], Glob.Parse("label", condition[(colon + 1)..]), negated);
    }
}
