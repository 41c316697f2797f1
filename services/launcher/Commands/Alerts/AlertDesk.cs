using System.Text.Json;
using System.Text.Json.Nodes;
using Forewarn.Launcher.Platform;
using Spectre.Console;

namespace Forewarn.Launcher.Commands.Alerts;

/// <summary>Where answers come from and how they are shown.</summary>
sealed record AlertDesk(GatewayClient Gateway, Terminal Terminal, bool AsJson, TimeProvider Time)
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public long Now => Time.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<ModelView> GetAsync(string path, CancellationToken cancellationToken) => new(await Gateway.GetAsync(path, cancellationToken));

    public async Task<ModelView> PostAsync(string path, JsonObject body, CancellationToken cancellationToken) =>
        new(await Gateway.PostAsync(path, body.ToJsonString(), cancellationToken));

    /// <summary>The answer as it is when that was asked for, else as <paramref name="people"/> like it.</summary>
    public int Show(ModelView answer, Action people)
    {
        if (!AsJson)
            people();
        else if (answer.Element.ValueKind != JsonValueKind.Undefined)
            Terminal.Console.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(answer.Element, Indented));
        return ExitCodes.Success;
    }

    public static Table NewTable(params string[] columns) => new Table().Border(TableBorder.Simple).AddColumns(columns);

    public void Write(Table table) => Terminal.Console.Write(table);

    /// <summary>A cell with what is there, or a dash.</summary>
    public static string Cell(string? text) => Markup.Escape(string.IsNullOrEmpty(text) ? "-" : text);
}
