using System.ComponentModel.DataAnnotations;
using Forewarn.Hosting;

namespace Forewarn.StreamProcessor;

/// <summary>Settings of the stream processor, <c>STREAMPROCESSOR__*</c>.</summary>
public sealed class StreamProcessorOptions : ISectionOptions
{
    public static string Section => "StreamProcessor";

    /// <summary>How long a tick may wait for the rest of its series, in milliseconds of processing time; complete ticks never wait. Default 100.</summary>
    [Range(0, 1000)]
    public int MergeMs { get; set; } = 100;

    /// <summary>Samples more than this many seconds ahead of our clock stay out of the features: one wrong clock must not carry an entity into the future. Default 300.</summary>
    [Range(1, 3600)]
    public int MaxAheadSeconds { get; set; } = 300;

    /// <summary>Seconds between checkpoints of an entity. Default 30.</summary>
    [Range(1, 600)]
    public int CheckpointSeconds { get; set; } = 30;

    /// <summary>How many minutes of history are read at most when an entity is taken over. Default 10.</summary>
    [Range(0, 120)]
    public int CatchUpMinutes { get; set; } = 10;

    /// <summary>How long an entity may be held up by catching up, in milliseconds. Default 1000.</summary>
    [Range(50, 10_000)]
    public int CatchUpTimeoutMs { get; set; } = 1000;

    /// <summary>Minutes an entity must have reported before its silence is worth an incident; 0 = at once. Default 30.</summary>
    [Range(0, 1440)]
    public int SilenceAfterMinutes { get; set; } = 30;

    /// <summary>File with rules of your own, looked at every 2 s; unset = none. docs/thresholds.md explains it.</summary>
    public string? ThresholdsFile { get; set; }

    /// <summary>Hours after which a silent entity counts as gone: its incident is no longer kept open and it leaves memory. Default 24.</summary>
    [Range(1, 168)]
    public int GoneAfterHours { get; set; } = 24;

    /// <summary>Hours after which everything known about an entity without samples is forgotten. Default 168.</summary>
    [Range(1, 8760)]
    public int RetentionHours { get; set; } = 168;
}
