namespace Forewarn.Ingestion;

/// <summary>Which entity a sample with these tags belongs to: the first of <see cref="Order"/> that it carries, which then is no label.</summary>
static class EntityTag
{
    /// <summary>From the most telling to the least.</summary>
    public static IReadOnlyList<string> Order { get; } = ["entity", "host", "hostname", "server", "instance", "service"];

    /// <summary>Place of the tag in a list of them; -1 when there is none.</summary>
    public static int In(List<KeyValuePair<string, string>> tags)
    {
        foreach (var name in Order)
        {
            var at = tags.FindIndex(tag => tag.Key == name);
            if (at >= 0)
                return at;
        }
        return -1;
    }
}
