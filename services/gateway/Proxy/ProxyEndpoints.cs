using System.Text.Json.Nodes;
using Forewarn.Gateway.Security;
using Microsoft.AspNetCore.Mvc;
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
                .AddOpenApiOperationTransformer((operation, _, _) => Describe(operation, route));
            if (route.Body is { } body)
                endpoint.Accepts(body, "application/json").ProducesValidationProblem();
            else if (route.Query.Count > 0)
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

    static Task Describe(OpenApiOperation operation, ProxyRoute route)
    {
        operation.Parameters ??= [];
        if (route.Path.Contains("{id}", StringComparison.Ordinal))
            operation.Parameters.Add(new OpenApiParameter { Name = "id", In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
        AddQuery(operation, route.Query);
        return Task.CompletedTask;
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
