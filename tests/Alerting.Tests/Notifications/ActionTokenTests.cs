using CsCheck;
using Forewarn.Alerting.Actions;

namespace Forewarn.Alerting.Tests;

public sealed class ActionTokenTests
{
    static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    static readonly Gen<ActionToken> Tokens = Gen.Select(
        Gen.Char["0123456789abcdef-"].Array[1, 40], Gen.Enum<LinkAction>(), Gen.Long[1, 4_000_000_000],
        (id, action, seconds) => new ActionToken(new string(id), action, seconds * 1000));

    [Fact]
    public void What_was_signed_reads_back() => Tokens.Sample(token =>
    {
        var text = token.Sign(Key);
        text.Length.ShouldBeLessThanOrEqualTo(ActionToken.MostLength);
        Uri.EscapeDataString(text).ShouldBe(text, "a link needs no escapes");
        ActionToken.Read(text, Key).ShouldBe(token);
    }, iter: 1_000, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void No_changed_character_is_read() => Gen.Select(Tokens, Gen.Int[0, 1_000], Gen.Char["abcXYZ019-_."]).Sample((token, place, letter) =>
    {
        var text = token.Sign(Key).ToCharArray();
        if (text[place % text.Length] == letter)
            return;
        text[place % text.Length] = letter;
        // The last character of a base64 group holds bits that count for nothing.
        var read = ActionToken.Read(new string(text), Key);
        (read is null || read == token).ShouldBeTrue();
    }, iter: 5_000, seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Another_key_or_a_signature_for_something_else_is_none()
    {
        var token = new ActionToken("0123456789abcdef-1", LinkAction.Snooze, 5_000);
        ActionToken.Read(token.Sign(Key), [.. Key.Reverse()]).ShouldBeNull();

        var content = System.Buffers.Text.Base64Url.EncodeToString("snooze\n5\n0123456789abcdef-1"u8);
        var plain = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.HMACSHA256.HashData(Key, "snooze\n5\n0123456789abcdef-1"u8));
        ActionToken.Read($"{content}.{plain}", Key).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a")]
    [InlineData("a.b.c")]
    [InlineData("\u00e4.\u00fc")]
    [InlineData("====.====")]
    public void What_is_no_token_is_none(string text) => ActionToken.Read(text, Key).ShouldBeNull();
}
