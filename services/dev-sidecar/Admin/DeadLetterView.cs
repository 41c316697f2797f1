using System.Text;

namespace DevSidecar.Admin;

/// <summary>Some dead letters of a topic. <paramref name="AsOf"/> (Unix ms) is what <c>until</c> of an action on all should be.</summary>
sealed record DeadLetterPage(string Topic, long Waiting, int Skip, int Take, long AsOf, IReadOnlyList<DeadLetterView> Letters);

/// <summary>A dead letter for people and programs: its value as text where it is UTF-8, else as base64.</summary>
sealed record DeadLetterView(
    int Partition, long Offset, DateTimeOffset Time, string? Key, IReadOnlyList<KeyValuePair<string, string>> Headers, int Bytes, string? Origin,
    string? Text, string? Base64, bool Truncated)
{
    const int PreviewBytes = 4 * 1024;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static DeadLetterView Preview(DeadLetter letter) => Of(letter, PreviewBytes);

    public static DeadLetterView Whole(DeadLetter letter) => Of(letter, int.MaxValue);

    static DeadLetterView Of(DeadLetter letter, int limit)
    {
        var record = letter.Record;
        var value = record.Value.Span;
        var shown = value[..CharacterBoundary(value, Math.Min(limit, value.Length))];
        string? text = null;
        try
        {
            text = Strict.GetString(shown);
        }
        catch (DecoderFallbackException)
        {
            // Not text: shown as base64.
        }

        return new(
            letter.Partition.Number, record.Offset, DateTimeOffset.FromUnixTimeMilliseconds(record.TimeMs), record.Key, record.Headers, value.Length, letter.Origin,
            text, text is null ? Convert.ToBase64String(shown) : null, shown.Length < value.Length);
    }

    /// <summary>Not in the middle of a character, so that a cut text still is one.</summary>
    static int CharacterBoundary(ReadOnlySpan<byte> value, int length)
    {
        var cut = length;
        while (cut < value.Length && cut > 0 && length - cut < 4 && (value[cut] & 0xC0) == 0x80)
        {
            cut--;
        }

        return cut;
    }
}
