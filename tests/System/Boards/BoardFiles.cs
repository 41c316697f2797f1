using System.Text.Json;

namespace Forewarn.SystemTests;

/// <summary>A query of a Grafana board.</summary>
/// <param name="Where">Board and panel, variable or annotation.</param>
sealed record BoardQuery(string Where, string Text);

/// <summary>What the boards of <c>deploy/grafana/boards</c> ask their data sources.</summary>
static class BoardFiles
{
    const string Prometheus = "prometheus", Postgres = "grafana-postgresql-datasource";

    public static string Folder { get; } = Path.Combine(Checkout.Root, "deploy", "grafana", "boards");

    /// <summary>PromQL of every panel.</summary>
    public static IReadOnlyList<BoardQuery> Metrics() => [.. Panels(Prometheus, "expr")];

    /// <summary>SQL of every panel, variable and annotation.</summary>
    public static IReadOnlyList<BoardQuery> Statements() => [.. Panels(Postgres, "rawSql"), .. Read().SelectMany(board => Variables(board).Concat(Annotations(board)))];

    static IEnumerable<BoardQuery> Panels(string source, string field) =>
        from board in Read()
        from panel in board.GetProperty("panels").EnumerateArray()
        where panel.GetProperty("type").GetString() != "row"
        from target in panel.GetProperty("targets").EnumerateArray()
        where target.GetProperty("datasource").GetProperty("type").GetString() == source
        select new BoardQuery($"{Title(board)}, {Title(panel)}, {target.GetProperty("refId").GetString()}", target.GetProperty(field).GetString()!);

    static IEnumerable<BoardQuery> Variables(JsonElement board) =>
        from variable in board.GetProperty("templating").GetProperty("list").EnumerateArray()
        where variable.TryGetProperty("datasource", out var source) && source.GetProperty("type").GetString() == Postgres
        select new BoardQuery($"{Title(board)}, variable {variable.GetProperty("name").GetString()}", variable.GetProperty("query").GetString()!);

    static IEnumerable<BoardQuery> Annotations(JsonElement board) =>
        from annotation in board.GetProperty("annotations").GetProperty("list").EnumerateArray()
        select new BoardQuery($"{Title(board)}, annotation {annotation.GetProperty("name").GetString()}", annotation.GetProperty("target").GetProperty("rawSql").GetString()!);

    static string Title(JsonElement one) => one.GetProperty("title").GetString()!;

    static List<JsonElement> Read() => [.. Directory.EnumerateFiles(Folder, "*.json").Order(StringComparer.Ordinal).Select(file => JsonSerializer.Deserialize<JsonElement>(File.ReadAllBytes(file)))];
}
