using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace Forewarn.Deploy.Tests;

public sealed class ComposeSchemaTests
{
    static readonly JsonSchema Schema = Read();

    public static TheoryData<string> Files => [.. ComposeFile.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_is_what_the_compose_specification_describes(string name) => Errors(ComposeFile.Load(name)).ShouldBeEmpty();

    [Theory]
    [InlineData("healthchek", "\"CMD\"")]
    [InlineData("mem_limit", "[]")]
    [InlineData("read_only", "\"yes\"")]
    [InlineData("depends_on", "{\"kafka\":{\"condition\":\"service_ready\"}}")]
    public void A_mistake_in_a_service_is_found(string key, string value)
    {
        var file = ComposeFile.Load();
        file["services"]!["gateway"]![key] = JsonNode.Parse(value);

        Errors(file).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_name_of_the_project_is_one_that_Compose_takes() =>
        Regex.IsMatch(ComposeFile.Load()["name"]!.ToString(), "^[a-z0-9][a-z0-9_-]*$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).ShouldBeTrue();

    [Fact]
    public void What_is_put_on_top_names_services_that_there_are()
    {
        foreach (var name in ComposeFile.Names.Where(name => name != "compose.yaml"))
        {
            // A service of its own brings an image; any other is changed.
            foreach (var (service, changed) in (JsonObject)ComposeFile.Load(name)["services"]!)
                (ComposeServices.All.ContainsKey(service) || changed!["image"] is not null).ShouldBeTrue($"{name}: {service}");
        }
    }

    static List<string> Errors(JsonObject file)
    {
        // Newer than the schema, which refuses what it does not know.
        file.Remove("name");
        var result = Schema.Evaluate(JsonSerializer.SerializeToElement(file), new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (result.IsValid)
            return [];
        return [.. (result.Details ?? []).SelectMany(detail => (detail.Errors ?? []).Select(error => $"{detail.InstanceLocation}: {error.Key} {error.Value}"))];
    }

    /// <summary>The file names its dialect by an address that the dialect does not have, and its parts by <c>id</c>, which is older than the dialect.</summary>
    static JsonSchema Read()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "compose-spec", "compose-spec.json")))!;
        schema["$schema"] = "https://json-schema.org/draft/2019-09/schema";
        Modernise(schema);
        return JsonSchema.FromText(schema.ToJsonString());
    }

    static void Modernise(JsonNode? node)
    {
        // A property that is called so is described by an object; `15s` is a duration to Compose, and not to JSON schema.
        if (node is JsonObject described)
        {
            if (described["id"] is JsonValue)
                described.Remove("id");
            if (described["format"] is JsonValue format && format.ToString() == "duration")
                described.Remove("format");
        }
        foreach (var child in node switch { JsonObject parent => parent.Select(pair => pair.Value), JsonArray list => list, _ => [] })
            Modernise(child);
    }
}
