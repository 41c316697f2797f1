using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Forewarn.Contracts;

namespace Forewarn.History.Tests;

/// <summary>Reads lists as callers do: page after page until there is no next.</summary>
static class Pages
{
    public const int MostBytes = 2 * 1024 * 1024;

    public static async Task<List<T>> AllAsync<T>(HttpClient client, string path, JsonTypeInfo<Page<T>> type, int? limit = null)
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var page = await ReadAsync(client, path, type, cursor, limit);
            if (limit is { } most)
                page.Items.Count.ShouldBeLessThanOrEqualTo(most);
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return items;
    }

    public static async Task<T> ReadAsync<T>(HttpClient client, string path, JsonTypeInfo<T> type, string? cursor = null, int? limit = null)
    {
        var query = path + (cursor is null ? "" : $"{Joint(path)}cursor={Uri.EscapeDataString(cursor)}");
        query += limit is null ? "" : $"{Joint(query)}limit={limit}";
        using var response = await client.GetAsync(query, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, body);
        body.Length.ShouldBeLessThan(MostBytes);
        return JsonSerializer.Deserialize(body, type)!;
    }

    public static async Task ShouldRefuseAsync(HttpClient client, string path, string field)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest, body);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(body);
        problem.RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name).ShouldBe([field]);
        problem.RootElement.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
    }

    static char Joint(string path) => path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
}
