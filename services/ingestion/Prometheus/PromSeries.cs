using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>A series as Prometheus names it: what it is published as, or why it is not.</summary>
sealed class PromSeries
{
    /// <summary>More labels than this are not even read.</summary>
    public const int MostLabels = 64;

    PromSeries(SentSeries? series, PromRole role, string? whyRefused) => (Series, Role, WhyRefused) = (series, role, whyRefused);

    /// <summary>Null when it is passed over or refused.</summary>
    public SentSeries? Series { get; }

    public PromRole Role { get; }

    /// <summary>What is wrong with its labels; null when nothing is.</summary>
    public string? WhyRefused { get; }

    /// <summary>Makes a series of its labels.</summary>
    /// <param name="labels">With <see cref="PromNames.Name"/> among them; changed. Empty values count as absent, as in Prometheus.</param>
    /// <param name="type">Of its family.</param>
    /// <param name="unit">Of its family as declared; empty when it is not.</param>
    public static PromSeries Of(List<KeyValuePair<string, string>> labels, PromType type, string unit)
    {
        labels.RemoveAll(label => label.Value.Length == 0);
        var named = labels.FindIndex(label => label.Key == PromNames.Name);
        if (named < 0)
            return Refused("has no __name__");
        var name = labels[named].Value;
        labels.RemoveAt(named);
        var role = PromNames.RoleOf(name, type, labels.Exists(label => label.Key == PromNames.Bucket));
        if (role == PromRole.PassedOver)
            return new(null, role, null);

        var group = labels.Find(label => label.Key == PromNames.Job).Value ?? "";
        var instance = EntityTag.In(labels, EntityTag.PrometheusOrder);
        var entity = instance >= 0 ? labels[instance].Value : group.Length > 0 ? $"prometheus/{group}" : "prometheus";
        if (instance >= 0)
            labels.RemoveAt(instance);
        if (labels.Count > Names.MaxLabels)
            return Refused($"has more than {Names.MaxLabels} labels beside its name and entity: {name}");
        var tidy = new Dictionary<string, string>(labels.Count, StringComparer.Ordinal);
        foreach (var (key, value) in labels)
        {
            if (!tidy.TryAdd(Tidy.Name(key, Names.MaxLabelKey), Tidy.LabelValue(value)))
                return Refused($"has its label {key} twice: {name}");
        }
        var isCounter = role == PromRole.Counter;
        var ucum = PromNames.UnitOf(name, unit);
        var column = SeriesColumn.Of(Tidy.Name(name), isCounter ? Counting.UnitOfRate(ucum) : ucum, tidy);
        return new(new SentSeries(Tidy.Entity(entity), group, column, isCounter), role, null);
    }

    public static PromSeries Refused(string why) => new(null, PromRole.Level, why);
}
