namespace Forewarn.StreamProcessor;

/// <summary>Text in which * stands for any characters, also none.</summary>
sealed record Wildcard(string Pattern)
{
    public static Wildcard Anything { get; } = new("*");

    public bool Matches(string text)
    {
        // After a mismatch the newest star takes one character more; earlier stars need not be tried again.
        var (at, place, star, taken) = (0, 0, -1, 0);
        while (at < text.Length)
        {
            if (place < Pattern.Length && Pattern[place] == '*')
                (star, taken, place) = (place, at, place + 1);
            else if (place < Pattern.Length && Pattern[place] == text[at])
                (at, place) = (at + 1, place + 1);
            else if (star >= 0)
                (place, at) = (star + 1, ++taken);
            else
                return false;
        }
        return Pattern.AsSpan(place).Trim('*').IsEmpty;
    }
}
