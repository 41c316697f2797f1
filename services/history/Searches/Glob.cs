using System.Text;
using Forewarn.History.Ranges;

namespace Forewarn.History.Searches;

/// <summary>Text in which <c>*</c> stands for any characters, also none; <c>\*</c> and <c>\\</c> stand for themselves.</summary>
/// <param name="Like">The same for SQL's LIKE.</param>
/// <param name="Exact">What it stands for when it holds no star.</param>
sealed record Glob(string Like, string? Exact)
{
    public const int MostCharacters = 300;
    public const int MostStars = 8;

    /// <param name="field">The parameter at fault, for the message.</param>
    /// <param name="prefix">Without a star it is the beginning of what is sought.</param>
    /// <exception cref="BadRequestException">It is too long, has too many stars or ends in the middle.</exception>
    public static Glob Parse(string field, string text, bool prefix = false)
    {
        if (text.Length is 0 or > MostCharacters || text.Contains('\0', StringComparison.Ordinal))
            throw new BadRequestException(field, $"{field} needs 1 to {MostCharacters} characters, without NUL.");
        var like = new StringBuilder(text.Length + 8);
        var literal = new StringBuilder(text.Length);
        var stars = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '*')
            {
                stars++;
                like.Append('%');
                continue;
            }
            if (text[i] == '\\' && (++i == text.Length || text[i] is not ('*' or '\\')))
                throw new BadRequestException(field, $"{field} has a backslash that is not before * or another backslash.");
            literal.Append(text[i]);
            if (text[i] is '%' or '_' or '\\')
                like.Append('\\');
            like.Append(text[i]);
        }
        if (stars > MostStars)
            throw new BadRequestException(field, $"{field} has {stars} stars; at most {MostStars}.");
        if (stars > 0)
            return new Glob(like.ToString(), null);
        return prefix ? new Glob(like.Append('%').ToString(), null) : new Glob(like.ToString(), literal.ToString());
    }
}
