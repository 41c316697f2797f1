using System.ComponentModel.DataAnnotations;
using Forewarn.Hosting;

namespace Forewarn.Trainer;

/// <summary>How models are trained.</summary>
public sealed class TrainerOptions : ISectionOptions, IValidatableObject
{
    public static string Section => "Trainer";

    /// <summary>Kind of model that is trained when no other is asked for, the first one included. Default isolation-forest.</summary>
    [AllowedValues(ForestRecipe.Name, AutoencoderRecipe.Name, HalfSpaceRecipe.Name)]
    public string Kind { get; set; } = ForestRecipe.Name;

    /// <summary>Trees of a forest. Default 100.</summary>
    [Range(10, 1000)]
    public int Trees { get; set; } = 100;

    /// <summary>Rows drawn per tree. Default 256.</summary>
    [Range(16, 4096)]
    public int SampleSize { get; set; } = 256;

    /// <summary>Most passes of an autoencoder over its rows; it ends earlier when it learns nothing more. Default 40.</summary>
    [Range(1, 1000)]
    public int Epochs { get; set; } = 40;

    /// <summary>Ticks of an entity after which half-space trees renew what counts as usual for it. Default 3,600: an hour.</summary>
    [Range(16, 65_000)]
    public int WindowTicks { get; set; } = 3_600;

    /// <summary>The same seed and data give the same model, byte for byte. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; set; } = 1;

    /// <summary>How far back a training reads history. Default 24 hours.</summary>
    [Range(1, 24 * 366)]
    public int HistoryHours { get; set; } = 24;

    /// <summary>Rows a training uses at most; bounds its memory (about 50 bytes each) and time. Default 20,000.</summary>
    [Range(2_000, 1_000_000)]
    public int MaxRows { get; set; } = 20_000;

    /// <summary>With fewer rows of history than this, generated normal behaviour fills up. Default 10,000, about eleven hours of one host.</summary>
    [Range(1_000, 1_000_000)]
    public int MinHistoryRows { get; set; } = 10_000;

    /// <summary>Groups of entities with the same columns that get a joint model of their own, those of the most entities first; 0 = none does. Default 50.</summary>
    [Range(0, 1_000)]
    public int Groups { get; set; } = 50;

    /// <summary>Rows that a group's joint model learns from at most; bounds its memory (about 300 bytes a row and metric) and time. Default 20,000: for 38 metrics 0.2 GB and some seconds.</summary>
    [Range(1_000, 150_000)]
    public int GroupMaxRows { get; set; } = 20_000;

    /// <summary>Entities that a group's joint model learns from at most, drawn by seed; of the others only their scale is taken. Default 20.</summary>
    [Range(1, 200)]
    public int GroupEntities { get; set; } = 20;

    /// <summary>Minutes of ordinary history that a group needs before it gets a joint model: one of five minutes would alarm at everything. Default 60.</summary>
    [Range(5, 720)]
    public int GroupMinMinutes { get; set; } = 60;

    /// <summary>Days without entities after which a group's joint model is retired. Default 30.</summary>
    [Range(1, 3_660)]
    public int GroupRetentionDays { get; set; } = 30;

    /// <summary>Minutes that lie between the starts of two scheduled trainings at least: the clocks of several replicas are one. Default 10.</summary>
    [Range(1, 24 * 60)]
    public int ScheduleGapMinutes { get; set; } = 10;

    /// <summary>Population stability index above which measurements or scores have drifted away from what the champion learned. Default 0.2.</summary>
    [Range(0.05, 10.0)]
    public double DriftPsi { get; set; } = 0.2;

    /// <summary>Newest hours that drift is measured over; all of them have to hold ticks. Default 12.</summary>
    [Range(1, 72)]
    public int DriftHours { get; set; } = 12;

    /// <summary>Ticks within these hours on which drift is judged at least. Default 20,000: half a day of one host, with gaps.</summary>
    [Range(1_000, int.MaxValue)]
    public int DriftTicks { get; set; } = 20_000;

    /// <summary>Hours between two trainings that drift starts. Default 24.</summary>
    [Range(1, 24 * 31)]
    public int DriftCooldownHours { get; set; } = 24;

    /// <summary>Hours for which a new champion is watched, and rolled back when it does badly. Default 24; 0 = never.</summary>
    [Range(0, 72)]
    public int WatchHours { get; set; } = 24;

    /// <summary>How many times the false-alarm budget, or the rate of the champion before if that is more, a watched champion may alarm. Default 3.</summary>
    [Range(1.0, 100.0)]
    public double WatchRateFactor { get; set; } = 3;

    /// <summary>Where model files read back from the store are kept; empty = the system's temporary directory. Default empty.</summary>
    public string CacheDirectory { get; set; } = "";

    /// <summary>Entity-ticks (seconds) on which a challenger is compared with the champion before it can take over. Default 432,000: a day of five hosts.</summary>
    [Range(1, int.MaxValue)]
    public int ChallengerTicks { get; set; } = 432_000;

    /// <summary>Hours for which a challenger is tried at least. Default 24.</summary>
    [Range(0, 24 * 31)]
    public int ChallengerHours { get; set; } = 24;

    /// <summary>Hours after which a challenger that could not take over is retired. Default 168.</summary>
    [Range(1, 24 * 366)]
    public int ChallengerMaxHours { get; set; } = 168;

    /// <summary>Newest labelled incidents on which a challenger and the champion are replayed; 0 = none, live traffic alone decides. Default 20.</summary>
    [Range(0, 50)]
    public int ReplayIncidents { get; set; } = 20;

    /// <summary>Entity-ticks (seconds) that a preview of feedback replays at most, the newest of each entity; bounds its time. Default 500,000: six days of one host.</summary>
    [Range(10_000, 100_000_000)]
    public int PreviewTicks { get; set; } = 500_000;

    /// <summary>So many words of feedback that no training has counted start one; 0 = none does. Default 10.</summary>
    [Range(0, 500)]
    public int FeedbackForTraining { get; set; } = 10;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ChallengerMaxHours <= ChallengerHours)
        {
            yield return new ValidationResult(
                $"must be more than TRAINER__CHALLENGERHOURS ({ChallengerHours}): a challenger would be retired before it can take over.", [nameof(ChallengerMaxHours)]);
        }
    }
}
