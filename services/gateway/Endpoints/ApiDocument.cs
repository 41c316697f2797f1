using Forewarn.Contracts;
using Forewarn.Gateway.Security;
using Microsoft.OpenApi;

namespace Forewarn.Gateway.Endpoints;

/// <summary><c>/api/openapi.json</c>: the whole public API, from the endpoints' own metadata.</summary>
static class ApiDocument
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Forewarn",
                Version = "1",
                Description = "Real-time monitoring with predictions. Times are unix milliseconds; lists are pages with a cursor; errors are problem documents.",
            };
            // Relative to wherever it was fetched from: behind a proxy the gateway does not know its own name.
            document.Servers = [new OpenApiServer { Url = "/" }];
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
            if (context.JsonPropertyInfo is { CustomConverter: FloatVectorConverter })
                (schema.Type, schema.Format, schema.Description) = (JsonSchemaType.String, "byte", "Little-endian float32");
            return Task.CompletedTask;
        });
    });

    public static void MapApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapOpenApi("/api/openapi.json").WithMetadata(PublicEndpoint.Mark);
}
