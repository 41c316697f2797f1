using System.Text.Json;
using System.Text.Json.Serialization;

namespace Forewarn.Launcher.Platform;

/// <summary>What is running, as <c>run/state.json</c> in the data directory says it. Holds no secrets.</summary>
sealed record RunState
{
    public required ProcessIdentity Launcher { get; init; }
    public required long StartedAt { get; init; }

    /// <summary>Everything has been ready at least once.</summary>
    public bool Up { get; init; }

    public required string Dashboard { get; init; }
    public required string Ingest { get; init; }
    public required string Data { get; init; }

    /// <summary>The sidecars' admin page; null until they run.</summary>
    public string? Sidecar { get; init; }
    public required IReadOnlyList<RunningService> Services { get; init; }

    /// <summary>All recorded processes, the launcher first.</summary>
    [JsonIgnore]
    public IEnumerable<ProcessIdentity> Processes =>
        Services.Select(service => service.Process).OfType<ProcessIdentity>().Prepend(Launcher);
}

/// <param name="Process">Null while it is not running.</param>
/// <param name="AppPort">Where it answers <c>/healthz/ready</c>; 0 = it has no such door.</param>
sealed record RunningService(string Name, int Replica, ProcessState State, ProcessIdentity? Process, int AppPort, int Restarts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, WriteIndented = true)]
[JsonSerializable(typeof(RunState))]
sealed partial class RunStateJson : JsonSerializerContext;

/// <summary>Reads and writes the run state; a reader never sees half of it.</summary>
sealed class RunStateFile(string dataDirectory)
{
    readonly Lock _gate = new();

    public string FullName { get; } = Path.Combine(dataDirectory, "run", "state.json");

    /// <summary>Null when there is none or it cannot be read as one.</summary>
    public RunState? Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(FullName), RunStateJson.Default.RunState);
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Write(RunState state)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FullName)!);
            var draft = FullName + ".new";
            File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(state, RunStateJson.Default.RunState));
            File.Move(draft, FullName, overwrite: true);
        }
    }

    public void Delete()
    {
        lock (_gate)
            File.Delete(FullName);
    }
}
