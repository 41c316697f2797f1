namespace Forewarn.Contracts;

/// <summary>Patterns in which * stands for any characters, none included; everything else stands for itself.</summary>
public static class NamePattern
{
    /// <summary>The whole text fits; upper and lower case are told apart.</summary>
    public static bool Matches(string pattern, string text)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(text);
        // Only the last star needs to be gone back to: what fits behind an earlier one fits behind it, too.
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p, t);
                p++;
            }
            else if (p < pattern.Length && pattern[p] == text[t])
            {
                (p, t) = (p + 1, t + 1);
            }
            else if (star >= 0)
            {
                resume++;
                (p, t) = (star + 1, resume);
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
