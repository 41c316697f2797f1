namespace Forewarn.Gateway.Status;

/// <summary>The model of everybody, as the trainer tells; verdicts name it too, and those of groups.</summary>
sealed class ChampionWatch
{
    volatile string? _version;

    public string? Version
    {
        get => _version;
        set => _version = value;
    }
}
