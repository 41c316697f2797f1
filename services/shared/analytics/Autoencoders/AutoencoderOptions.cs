namespace Forewarn.Analytics;

/// <summary>How an autoencoder is trained.</summary>
public sealed record AutoencoderOptions
{
    /// <summary>Width of the layers beside the bottleneck. Default 16.</summary>
    public int Hidden
    {
        get;
        init => field = value is >= 1 and <= Autoencoder.MaxWidth ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"A layer has 1 to {Autoencoder.MaxWidth} units.");
    } = 16;

    /// <summary>Numbers that a row must pass through; fewer than it has. Default 5.</summary>
    public int Bottleneck
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one number passes the bottleneck.");
    } = 5;

    /// <summary>Most passes over the rows. Default 40.</summary>
    public int Epochs
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Training means one pass at least.");
    } = 40;

    /// <summary>Passes without progress on the held-out rows after which training ends. Default 5.</summary>
    public int Patience
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Patience means one pass at least.");
    } = 5;

    /// <summary>Rows per step of the optimiser. Default 64.</summary>
    public int BatchSize
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A batch has at least one row.");
    } = 64;

    /// <summary>Step size of <see cref="Adam"/>. Default 0.003.</summary>
    public double LearningRate
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A step size is positive.");
    } = 0.003;

    /// <summary>The last rows, as a share of all, that only judge: when to stop, and what a usual error is. Default 0.1.</summary>
    public double HeldOut
    {
        get;
        init => field = value is > 0 and <= 0.5 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Something and at most half is held out.");
    } = 0.1;

    /// <summary>The same rows, options and seed give the same autoencoder, bit for bit. Default 1.</summary>
    public long Seed { get; init; } = 1;
}
