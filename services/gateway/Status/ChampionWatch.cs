namespace Forewarn.Gateway.Status;

/// <summary>The version that decides, for the time before the first verdict names it.</summary>
sealed class ChampionWatch
{
    volatile string? _version;

    public string? Version
    {
        get => _version;
        set => _version = value;
    }
}
