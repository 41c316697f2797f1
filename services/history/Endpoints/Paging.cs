using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Forewarn.Contracts;
using Forewarn.History.Ranges;

namespace Forewarn.History.Endpoints;

static class Paging
{
    /// <summary>Callers come through sidecars, which like bodies below 2 MiB.</summary>
    const int MostBytes = 1_900_000;

    /// <summary>The first items that fit <paramref name="limit"/> and the size of a page, and the cursor of the last one when there are more.</summary>
    public static Page<T> Of<T>(List<T> items, int limit, JsonTypeInfo<T> type, Func<T, string> cursorOf) =>
        Of(items, limit, type, index => cursorOf(items[index]));

    /// <summary>As above, for a cursor that depends on more than its item.</summary>
    public static Page<T> Of<T>(List<T> items, int limit, JsonTypeInfo<T> type, Func<int, string> cursorAt)
    {
        var bytes = 0L;
        for (var i = 0; i < items.Count; i++)
        {
            bytes += JsonSerializer.SerializeToUtf8Bytes(items[i], type).Length + 1;
            if (i > 0 && (i == limit || bytes > MostBytes))
                return new Page<T>(items[..i], cursorAt(i - 1));
        }
        return new Page<T>(items);
    }

    public static BadRequestException BadCursor() => new("cursor", "cursor is not one that this list gave as 'next'.");
}
