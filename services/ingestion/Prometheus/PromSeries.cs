using Forewarn.Contracts;

namespace Forewarn.Ingestion;

/// <summary>A series as Prometheus names it: what it is published as, or why it is not.</summary>
sealed class PromSeries
{
    /// <summary>More labels than this are not even read.</summary>
    public const int MostLabels = 64;

    PromSeries(SentSeries? series, PromRole role, string? whyRefused) => (Series, Role, WhyRefused) = (series, role, whyRefused);

    /// <summary>Null when it is passed over, refused or a bucket.</summary>
    public SentSeries? Series { get; }

    public PromRole Role { get; }

    /// <summary>Of a bucket, what it belongs to; null for all others.</summary>
    public ClassicHistogram? Histogram { get; private init; }

    /// <summary>Of a bucket, what its values are at most; infinite for all.</summary>
    public double Bound { get; private init; }

    /// <summary>What is wrong with its labels; null when nothing is.</summary>
    public string? WhyRefused { get; }

    /// <summary>Makes a series of its labels.</summary>
    /// <param name="labels">With <see cref="PromNames.Name"/> among them; changed. Empty values count as absent, as in Prometheus.</param>
    /// <param name="type">Of its family.</param>
    /// <param name="unit">Of its family as declared; empty when it is not.</param>
    /// <param name="histograms">Where buckets find their histogram; null where there are none.</param>
    public static PromSeries Of(List<KeyValuePair<string, string>> labels, PromType type, string unit, ClassicHistograms? histograms = null)
    {
        labels.RemoveAll(label => label.Value.Length == 0);
        var named = labels.FindIndex(label => label.Key == PromNames.Name);
        if (named < 0)
            return Refused("has no __name__");
        var name = labels[named].Value;
        labels.RemoveAt(named);
        var role = PromNames.RoleOf(name, type, labels.Exists(label => label.Key == PromNames.Bucket));
        var bound = double.NaN;
        if (role == PromRole.PassedOver || (role == PromRole.Bucket && !(histograms is not null && TryTakeBound(labels, out bound))))
            return new(null, PromRole.PassedOver, null);

        var group = labels.Find(label => label.Key == PromNames.Job).Value ?? "";
        var (entity, instance) = EntityTag.OfPrometheus(labels);
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
        if (role == PromRole.Bucket)
        {
            var family = PromNames.Family(name);
            var histogram = histograms!.Of(Tidy.Entity(entity), group, Tidy.Name(family, SentDistribution.MaxName), PromNames.UnitOf(family, unit), tidy);
            return new(null, role, null) { Histogram = histogram, Bound = bound };
        }
        var isCounter = role == PromRole.Counter;
        var ucum = PromNames.UnitOf(name, unit);
        var column = SeriesColumn.Of(Tidy.Name(name), isCounter ? Counting.UnitOfRate(ucum) : ucum, tidy);
        return new(new SentSeries(Tidy.Entity(entity), group, column, isCounter), role, null);
    }

    static bool TryTakeBound(List<KeyValuePair<string, string>> labels, out double bound)
    {
        var at = labels.FindIndex(label => label.Key == PromNames.Bucket);
        if (!PromNames.TryBound(labels[at].Value, out bound))
            return false;
        labels.RemoveAt(at);
        return true;
    }

    public static PromSeries Refused(string why) => new(null, PromRole.Level, why);
}
