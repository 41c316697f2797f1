using System.Globalization;
using System.Text.Json;

namespace Forewarn.Ingestion;

/// <summary>A JSON reader that remembers the first thing that was wrong. Methods return false once something was.</summary>
ref struct JsonCursor(ReadOnlySpan<byte> body)
{
    const int MaxQuoted = 64;

    readonly ReadOnlySpan<byte> _body = body;
    Utf8JsonReader _json = new(body, new JsonReaderOptions { MaxDepth = 16 });

    public Refusal? Refusal { get; private set; }

    public readonly JsonTokenType Token => _json.TokenType;

    public bool Refuse(string code, string field, string reason, int status = 400)
    {
        Refusal = new(status, code, field, reason);
        return false;
    }

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool Read() => _json.Read();

    public readonly bool Is(ReadOnlySpan<byte> property)
    {
        try
        {
            return _json.ValueTextEquals(property);
        }
        catch (InvalidOperationException) when (_json.ValueIsEscaped)
        {
            // Half a surrogate pair again; it equals nothing.
            return false;
        }
    }

    public bool Next(JsonTokenType expected, string field, string kind)
    {
        _json.Read();
        return _json.TokenType == expected || Refuse("type", field, $"must be {kind}, not {Describe(_json.TokenType)}");
    }

    public bool Text(string field, out string text)
    {
        text = "";
        return Next(JsonTokenType.String, field, "a string") && CurrentText(field, out text);
    }

    /// <summary>A string, or null for <c>null</c>.</summary>
    public bool OptionalText(string field, out string? text)
    {
        text = null;
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
            return true;
        if (_json.TokenType != JsonTokenType.String)
            return Refuse("type", field, $"must be a string, not {Describe(_json.TokenType)}");
        var read = CurrentText(field, out var found);
        text = found;
        return read;
    }

    /// <summary>The token under the cursor as a number; null gives NaN.</summary>
    public bool CurrentNumber(string prefix, int index, out double number)
    {
        number = double.NaN;
        if (_json.TokenType == JsonTokenType.Null)
            return true;
        if (_json.TokenType != JsonTokenType.Number)
            return Refuse("type", Element(prefix, index), $"must be a number or null, not {Describe(_json.TokenType)}");
        return (_json.TryGetDouble(out number) && double.IsFinite(number))
            || Refuse("type", Element(prefix, index), "is beyond the range of a 64-bit floating point number");
    }

    /// <summary>A finite number, or null for <c>null</c>.</summary>
    public bool OptionalNumber(string field, out double? number)
    {
        _json.Read();
        var read = CurrentNumber(field, -1, out var found);
        number = double.IsNaN(found) ? null : found;
        return read;
    }

    /// <summary>A whole number, or null for <c>null</c>.</summary>
    public bool OptionalInteger(string field, out long? number)
    {
        number = null;
        _json.Read();
        if (_json.TokenType == JsonTokenType.Null)
            return true;
        if (_json.TokenType != JsonTokenType.Number || !_json.TryGetInt64(out var found))
            return Refuse("type", field, "must be a whole number of milliseconds since 1970");
        number = found;
        return true;
    }

    /// <summary>The bytes of the array or object under the cursor, which stays where it is.</summary>
    public readonly ReadOnlySpan<byte> PeekValue()
    {
        var ahead = _json;
        var start = checked((int)ahead.TokenStartIndex);
        ahead.Skip();
        return _body[start..checked((int)ahead.BytesConsumed)];
    }

    public void Skip() => _json.Skip();

    public bool Unknown(string parent)
    {
        CurrentText(parent, out var name);
        return Refuse("unknown-field", $"{parent}.{Quote(name)}", "is not a known field");
    }

    static string Element(string prefix, int index) =>
        index < 0 ? prefix : string.Create(CultureInfo.InvariantCulture, $"{prefix}[{index}]");

    /// <summary>Foreign text inside a message: shortened, and nothing in it that could forge a line or a path.</summary>
    internal static string Quote(string text) =>
        string.Concat(text.Take(MaxQuoted).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/' ? c : '?'));

    public bool CurrentText(string field, out string text)
    {
        try
        {
            text = _json.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            // An escaped half of a surrogate pair is valid JSON and no text.
            text = "";
            return Refuse("type", field, "is not valid Unicode text");
        }
    }

    static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => "nothing",
    };
}
