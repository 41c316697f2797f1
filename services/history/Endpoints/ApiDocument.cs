using System.Text.Json.Nodes;
using Forewarn.Contracts;
using Microsoft.OpenApi;

namespace Forewarn.History.Endpoints;

/// <summary>
/// <c>/openapi/v1.json</c>, from the endpoints' own metadata. Parameters are read as text so that a bad one gets a problem
/// document; here they have the types that they are meant to have. A name means the same everywhere.
/// </summary>
static class ApiDocument
{
    static readonly string[] Integers = ["from", "to", "step", "since", "limit", "cadence"];
    static readonly string[] Booleans = ["scores", "anomalous"];

    static readonly Dictionary<string, string[]> RequiredBy = new(StringComparer.Ordinal)
    {
        ["readRange"] = ["entity", "from", "to"],
        ["readRaw"] = ["entity", "from", "to"],
        ["readSamples"] = ["from", "to"],
        ["listPredictions"] = ["from", "to"],
    };

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Forewarn history",
                Version = "1",
                Description = "Every question about the past. Times are unix milliseconds; lists are pages below 2 MiB with a cursor; errors are problem documents naming field and reason.",
            };
            document.Servers = [new OpenApiServer { Url = "/" }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
                Describe(operation, parameter);
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Columns have a converter of their own, of which the generator knows nothing: numbers, null = not measured.
            if (context.JsonPropertyInfo is { } property && property.PropertyType == typeof(double[]) && property.CustomConverter is DoubleColumnConverter)
            {
                schema.Type = JsonSchemaType.Array;
                schema.Items = new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.Null, Format = "double" };
            }
            return Task.CompletedTask;
        });
    });

    static void Describe(OpenApiOperation operation, OpenApiParameter parameter)
    {
        if (parameter.In != ParameterLocation.Query)
            return;
        parameter.Required = RequiredBy.TryGetValue(operation.OperationId ?? "", out var required) && required.Contains(parameter.Name);
        if (Integers.Contains(parameter.Name))
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = parameter.Name is "limit" or "cadence" ? "1" : "0" };
        else if (Booleans.Contains(parameter.Name))
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean };
        else if (parameter.Name == "label")
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text(), MaxItems = Searches.SeriesFilter.MostLabels };
        else if (parameter.Name == "order")
            parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("newest"), JsonValue.Create("oldest")] };
        else if (ListOf(parameter.Name) is { } items)
            (parameter.Schema, parameter.Explode) = (new OpenApiSchema { Type = JsonSchemaType.Array, Items = items }, false);
        else
            parameter.Schema = Text();
    }

    static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    static OpenApiSchema Id() => new() { Type = JsonSchemaType.String, Pattern = "^[0-9a-f]{16}$" };

    /// <summary>What a parameter holds that takes several, separated by commas; null of one that does not.</summary>
    static OpenApiSchema? ListOf(string? parameter) => parameter switch
    {
        "status" => OneOf("open", "acknowledged", "resolved"),
        "outcome" => OneOf("pending", "confirmed", "averted", "expired"),
        "series" => Id(),
        _ => null,
    };

    static OpenApiSchema OneOf(params string[] words) => new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => JsonValue.Create(word))] };
}
