using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;

namespace Forewarn.History.Tests;

/// <summary>The document, as a library reads it, against the endpoints as they are mapped.</summary>
public sealed class ApiDocumentTests(SharedHistory shared) : IClassFixture<SharedHistory>, IAsyncLifetime
{
    HistoryApp _app = null!;
    OpenApiDocument _document = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await shared.StartAsync();
        using var client = _app.Client();
        var result = OpenApiDocument.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken), "json");
        result.Diagnostic!.Errors.ShouldBeEmpty();
        result.Diagnostic.Warnings.ShouldBeEmpty();
        _document = result.Document!;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Every_endpoint_is_described_with_its_parameters_and_nothing_else_is()
    {
        var mapped = _app.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .Select(endpoint => (Path: endpoint.RoutePattern.RawText!, Method: endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single(), Parameters: ParametersOf(endpoint)))
            .Select(endpoint => $"{endpoint.Method} {endpoint.Path} {endpoint.Parameters}").Order(StringComparer.Ordinal).ToList();

        var described = Operations().Select(one => $"{one.Method} {one.Path} {string.Join(' ', (one.Operation.Parameters ?? []).Select(parameter => parameter.Name).Order(StringComparer.Ordinal))}");

        mapped.Count.ShouldBeGreaterThan(8);
        described.Order(StringComparer.Ordinal).ShouldBe(mapped);
    }

    [Fact]
    public void Every_operation_has_a_name_and_says_what_it_answers_and_how_it_fails()
    {
        Operations().Select(one => one.Operation.OperationId).Distinct().Count().ShouldBe(Operations().Count());
        foreach (var (path, _, operation) in Operations())
        {
            operation.OperationId.ShouldNotBeNullOrEmpty(path);
            operation.Summary.ShouldNotBeNullOrEmpty(path);
            var fails = path.Contains("{id}", StringComparison.Ordinal) ? "404" : "400";
            string.Join(" ", operation.Responses!.Keys.Order(StringComparer.Ordinal)).ShouldBe($"200 {fails} 503", path);
            operation.Responses["200"].Content!["application/json"].Schema.ShouldBeOfType<OpenApiSchemaReference>(path).Target.ShouldNotBeNull(path);
            foreach (var error in new[] { fails, "503" })
                operation.Responses[error].Content!.Keys.ShouldContain("application/problem+json", path);
            foreach (var parameter in operation.Parameters ?? [])
            {
                (parameter.In == ParameterLocation.Path || parameter.Description is { Length: > 0 }).ShouldBeTrue($"{path} {parameter.Name} is explained");
                parameter.Schema!.Type.ShouldNotBeNull($"{path} {parameter.Name}");
            }
        }
    }

    /// <summary>A parameter that the document calls a number or a choice refuses anything else, and one that it calls required is.</summary>
    [Fact]
    public async Task Parameters_are_what_the_document_says()
    {
        using var client = _app.Client();
        var checkedOnes = 0;
        foreach (var (path, _, operation) in Operations().Where(one => !one.Path.Contains("{id}", StringComparison.Ordinal)))
        {
            var required = operation.Parameters!.Where(parameter => parameter.Required).ToDictionary(parameter => parameter.Name!, parameter => parameter.Name == "entity" ? "e" : parameter.Name == "from" ? "1" : "2");
            if (operation.OperationId == "readRange")
                required["scores"] = "true";
            foreach (var parameter in operation.Parameters!)
            {
                var others = string.Join('&', required.Where(pair => pair.Key != parameter.Name).Select(pair => $"{pair.Key}={pair.Value}"));
                if (parameter.Required)
                    await Pages.ShouldRefuseAsync(client, $"{path}?{others}", parameter.Name!);
                if (parameter.Schema!.Type is not (JsonSchemaType.String or JsonSchemaType.Array) || parameter.Schema.Enum?.Count > 0 || parameter.Name is "status" or "outcome" or "series")
                {
                    await Pages.ShouldRefuseAsync(client, $"{path}?{others}&{parameter.Name}=surely-not", parameter.Name!);
                    checkedOnes++;
                }
            }
        }
        checkedOnes.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void Types_are_exact()
    {
        var label = Parameter("/v1/series", "label").Schema!;
        label.Type.ShouldBe(JsonSchemaType.Array);
        label.MaxItems.ShouldBe(Searches.SeriesFilter.MostLabels);
        Parameter("/v1/predictions", "order").Schema!.Enum!.Select(one => one!.ToString()).ShouldBe(["newest", "oldest"]);
        Parameter("/v1/incidents", "status").Schema!.Items!.Enum!.Select(one => one!.ToString()).ShouldBe(["open", "acknowledged", "resolved"]);
        Parameter("/v1/incidents", "status").Explode.ShouldBeFalse();
        Parameter("/v1/lead-times", "outcome").Schema!.Items!.Enum!.Select(one => one!.ToString()).ShouldBe(["pending", "confirmed", "averted", "expired"]);
        Parameter("/v1/lead-times", "outcome").Explode.ShouldBeFalse();
        Parameter("/v1/lead-times/summary", "from").Schema!.Type.ShouldBe(JsonSchemaType.Integer);
        Parameter("/v1/range", "from").Schema!.Type.ShouldBe(JsonSchemaType.Integer);
        var value = _document.Components!.Schemas!["SampleRow"].Properties!["value"];
        value.Type!.Value.HasFlag(JsonSchemaType.Array).ShouldBeTrue();
        value.Items!.Type.ShouldBe(JsonSchemaType.Number | JsonSchemaType.Null);
        _document.Components.Schemas["IncidentStatus"].Enum!.Select(one => one!.ToString()).ShouldBe(["open", "acknowledged", "resolved"]);
    }

    IOpenApiParameter Parameter(string path, string name) =>
        Operations().Single(one => one.Path == path).Operation.Parameters!.Single(parameter => parameter.Name == name);

    IEnumerable<(string Path, string Method, OpenApiOperation Operation)> Operations() => _document.Paths
        .SelectMany(path => path.Value.Operations!.Select(operation => (path.Key, operation.Key.Method, operation.Value)));

    /// <summary>Names of what the handler takes from the request.</summary>
    static string ParametersOf(RouteEndpoint endpoint) => string.Join(' ', endpoint.Metadata.GetRequiredMetadata<MethodInfo>().GetParameters()
        .Where(parameter => parameter.ParameterType == typeof(string) || parameter.ParameterType == typeof(string[]))
        .Select(parameter => parameter.Name!).Order(StringComparer.Ordinal));
}
