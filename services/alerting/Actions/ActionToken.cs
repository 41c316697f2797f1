using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Forewarn.Contracts;

namespace Forewarn.Alerting.Actions;

/// <summary>What somebody may do to an incident by a link, without signing in: the link's signature is the permission.</summary>
/// <param name="IncidentId">Which incident.</param>
/// <param name="Action">What may be done.</param>
/// <param name="Expires">Until when, unix milliseconds; kept in whole seconds.</param>
public sealed record ActionToken(string IncidentId, LinkAction Action, long Expires)
{
    /// <summary>Longer ones are not ours, and are not decoded.</summary>
    public const int MostLength = 512;

    /// <summary>So that a signature made for something else with the same key is none here.</summary>
    static readonly byte[] Purpose = "forewarn action\n"u8.ToArray();

    /// <summary>As it stands in a link: content and HMAC-SHA256, base64url, separated by a dot.</summary>
    public string Sign(ReadOnlySpan<byte> key)
    {
        var content = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{NameOf(Action)}\n{Expires / 1000}\n{IncidentId}"));
        return $"{Base64Url.EncodeToString(content)}.{Base64Url.EncodeToString(SignatureOf(content, key))}";
    }

    /// <summary>Null when it was not signed with this key. Whether it has expired is the caller's question: the answer differs.</summary>
    public static ActionToken? Read(string token, ReadOnlySpan<byte> key)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (dot < 1 || token.Length > MostLength || !TryDecode(token.AsSpan(0, dot), out var content) || !TryDecode(token.AsSpan(dot + 1), out var signature)
            || !CryptographicOperations.FixedTimeEquals(signature, SignatureOf(content, key)))
            return null;
        var parts = Encoding.UTF8.GetString(content).Split('\n', 3);
        return parts is [var name, var seconds, var incident] && ActionOf(name) is { } action && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            ? new ActionToken(incident, action, expires * 1000)
            : null;
    }

    static byte[] SignatureOf(ReadOnlySpan<byte> content, ReadOnlySpan<byte> key) => HMACSHA256.HashData(key, [.. Purpose, .. content]);

    static bool TryDecode(ReadOnlySpan<char> text, out byte[] bytes)
    {
        bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length))
            return false;
        bytes = bytes[..length];
        return true;
    }

    static string NameOf(LinkAction action) => action switch
    {
        LinkAction.Acknowledge => "acknowledge",
        LinkAction.Snooze => "snooze",
        _ => "false-alarm",
    };

    static LinkAction? ActionOf(string name) =>
        Enum.GetValues<LinkAction>().Where(action => NameOf(action) == name).Select(action => (LinkAction?)action).FirstOrDefault();
}

/// <summary>What a link in a notification offers.</summary>
[JsonConverter(typeof(KebabEnumConverter<LinkAction>))]
public enum LinkAction
{
    Acknowledge,

    /// <summary>Not told for <see cref="ActionDesk.SnoozeTime"/>.</summary>
    Snooze,
    FalseAlarm,
}
