using System.Text.Json.Nodes;
using Forewarn.Gateway.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Forewarn.Gateway.Proxy;

/// <summary>The table of routes as endpoints: they forward, and carry what the API document needs.</summary>
static class ProxyEndpoints
{
    public static void MapProxy(this IEndpointRouteBuilder routes)
    {
        foreach (var route in ProxyRoute.All)
        {
            var endpoint = routes.MapMethods(route.Path, [route.Method], (HttpContext context, SidecarForwarder forwarder) =>
                    forwarder.ForwardAsync(context, route.App, PathOf(route, context)))
                .WithMetadata(PublicEndpoint.Mark, new RequestSizeLimitAttribute(SidecarForwarder.MostBodyBytes))
                .WithName(route.Name).WithSummary(route.Summary).WithTags(route.App)
                .Produces(route.Success, route.Answer, "application/json")
                .ProducesProblem(StatusCodes.Status503ServiceUnavailable)
                .AddOpenApiOperationTransformer((operation, context, cancellationToken) => DescribeAsync(operation, context, route, cancellationToken));
            // What an endpoint is said to accept decides whom a request reaches, and one without a body would reach nobody.
            if (route is { Body: { } body, MayHaveNoBody: false })
                endpoint.Accepts(body, "application/json");
            if (route.Body is not null || route.Query.Count > 0)
                endpoint.ProducesValidationProblem();
            if (route.MayBeAbsent || route.Path.Contains("{id}", StringComparison.Ordinal))
                endpoint.ProducesProblem(StatusCodes.Status404NotFound);
            if (route.MayConflict)
                endpoint.ProducesProblem(StatusCodes.Status409Conflict);
        }
    }

    static string PathOf(ProxyRoute route, HttpContext context) =>
        context.Request.RouteValues["id"] is string id
            ? route.Upstream.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal)
            : route.Upstream;

    static async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, ProxyRoute route, CancellationToken cancellationToken)
    {
        operation.Parameters ??= [];
        if (route.Path.Contains("{id}", StringComparison.Ordinal))
            operation.Parameters.Add(new OpenApiParameter { Name = "id", In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        AddQuery(operation, route.Query);
        if (route is { Body: { } body, MayHaveNoBody: true })
        {
            var schema = await context.GetOrCreateSchemaAsync(body, parameterDescription: null, cancellationToken);
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = false,
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/json"] = new() { Schema = schema } },
            };
        }
    }

    /// <summary>Describes query parameters that a handler reads by itself.</summary>
    public static void AddQuery(OpenApiOperation operation, IEnumerable<ProxyParameter> query)
    {
        operation.Parameters ??= [];
        foreach (var parameter in query)
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Required = parameter.Required,
                Description = parameter.Description,
                Schema = SchemaOf(parameter),
            });
        }
    }

    static OpenApiSchema SchemaOf(ProxyParameter parameter)
    {
        var schema = new OpenApiSchema { Type = TypeOf(parameter.Type), Format = parameter.Type == ProxyParameter.Integer ? "int64" : null };
        if (parameter.Values.Count > 0)
            schema.Enum = [.. parameter.Values.Select(value => (JsonNode)JsonValue.Create(value))];
        return parameter.Repeatable ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema } : schema;
    }

    static JsonSchemaType TypeOf(string type) => type switch
    {
        ProxyParameter.Integer => JsonSchemaType.Integer,
        ProxyParameter.Boolean => JsonSchemaType.Boolean,
        _ => JsonSchemaType.String,
    };
}
