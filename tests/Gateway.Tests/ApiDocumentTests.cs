using System.Text.Json;
using System.Text.RegularExpressions;
using Forewarn.Gateway.Proxy;

namespace Forewarn.Gateway.Tests;

public sealed partial class ApiDocumentTests : IAsyncLifetime
{
    GatewayApp _app = null!;
    JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        _app = await GatewayApp.StartAsync();
        _document = JsonDocument.Parse(await _app.Client.GetStringAsync("/api/openapi.json", TestContext.Current.CancellationToken)).RootElement;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public void It_describes_every_public_operation_and_nothing_else()
    {
        var described = _document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        var expected = ProxyRoute.All.Select(route => $"{route.Method} {route.Path}")
            .Concat(["GET /api/export", "GET /api/status", "GET /api/stream", "POST /api/feedback", "POST /api/incidents/{id}/feedback"]);

        described.Order(StringComparer.Ordinal).ShouldBe(expected.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_has_a_name_a_summary_and_a_typed_answer()
    {
        foreach (var path in _document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Select(entry => entry.Value))
            {
                operation.GetProperty("operationId").GetString().ShouldNotBeNullOrEmpty(path.Name);
                operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty(path.Name);
                var answer = operation.GetProperty("responses").EnumerateObject().First(response => response.Name.StartsWith('2')).Value;
                answer.GetProperty("content").EnumerateObject().Count().ShouldBe(path.Name == "/api/export" ? 2 : 1, path.Name);
                foreach (var content in answer.GetProperty("content").EnumerateObject())
                    content.Value.GetProperty("schema").EnumerateObject().ShouldNotBeEmpty(path.Name);
            }
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var schemas = _document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();
        var references = Reference().Matches(_document.GetRawText()).Select(match => match.Groups["name"].Value).Distinct().ToList();

        references.ShouldNotBeEmpty();
        references.ShouldBeSubsetOf(schemas);
    }

    [Fact]
    public void Every_placeholder_in_a_path_is_declared()
    {
        foreach (var path in _document.GetProperty("paths").EnumerateObject().Where(path => path.Name.Contains("{id}", StringComparison.Ordinal)))
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var parameter = operation.Value.GetProperty("parameters").EnumerateArray().Where(one => one.GetProperty("in").GetString() == "path").ShouldHaveSingleItem();
                parameter.GetProperty("required").GetBoolean().ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void A_library_reads_it_without_complaint()
    {
        var result = Microsoft.OpenApi.OpenApiDocument.Parse(_document.GetRawText(), "json");

        result.Diagnostic!.Errors.ShouldBeEmpty();
        result.Diagnostic.Warnings.ShouldBeEmpty();
        var query = result.Document!.Paths["/api/export"].Operations![HttpMethod.Get].Parameters!;
        query.Select(parameter => parameter.Name).ShouldBe(Forewarn.Gateway.Endpoints.ExportEndpoint.Query.Select(parameter => parameter.Name));
        query.Single(parameter => parameter.Name == "label").Schema!.Type.ShouldBe(Microsoft.OpenApi.JsonSchemaType.Array);
        query.Single(parameter => parameter.Name == "format").Schema!.Enum!.Select(one => one!.ToString()).ShouldBe(["csv", "parquet"]);
    }

    [Fact]
    public void A_body_that_may_be_left_out_is_described_as_such()
    {
        var paths = _document.GetProperty("paths");
        var resolve = paths.GetProperty("/api/incidents/{id}/resolve").GetProperty("post").GetProperty("requestBody");
        (resolve.TryGetProperty("required", out var required) && required.GetBoolean()).ShouldBeFalse();
        resolve.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("properties").EnumerateObject().Select(one => one.Name).ShouldBe(["who", "text"]);

        paths.GetProperty("/api/incidents/{id}/comment").GetProperty("post").GetProperty("requestBody").GetProperty("required").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void Columns_of_numbers_are_described_as_such()
    {
        var mean = _document.GetProperty("components").GetProperty("schemas").GetProperty("RangeSeries").GetProperty("properties").GetProperty("mean");

        mean.GetProperty("type").GetString().ShouldBe("array");
        mean.GetProperty("items").GetProperty("type").EnumerateArray().Select(type => type.GetString()).Order().ShouldBe(["null", "number"]);
    }

    [GeneratedRegex("""#/components/schemas/(?<name>[^"]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();
}
