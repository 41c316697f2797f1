using System.Text;
using System.Text.Json;
using CsCheck;

namespace Forewarn.Hosting.Tests;

public sealed class BulkPayloadTests
{
    [Fact]
    public void Entries_are_cut_out_with_their_ids_and_raw_data()
    {
        const string body = """
            {"id":"x","type":"com.dapr.event.sent.bulk","topic":"t","entries":[
              {"entryId":"a","event":{"id":"1","data":{"v":[1,{"b":null}]},"traceid":"t"},"contentType":"application/cloudevents+json","metadata":{"k":"v"}},
              {"event":{"data":"text"},"entryId":"b"},
              {"entryId":"c","event":"YmFzZTY0"}
            ],"metadata":{}}
            """;

        var entries = BulkPayload.Split(Encoding.UTF8.GetBytes(body));

        entries.Select(entry => entry.EntryId).ShouldBe(["a", "b", "c"]);
        Text(entries[0]).ShouldBe("""{"v":[1,{"b":null}]}""");
        Text(entries[1]).ShouldBe("\"text\"");
        Text(entries[2]).ShouldBe("base64");
    }

    [Theory]
    [InlineData("""{"entity":"a","rows":[]}""", """{"entity":"a","rows":[]}""")]
    [InlineData("""[{"specversion":"1.0","data":1}]""", """[{"specversion":"1.0","data":1}]""")]
    [InlineData("""{"id":"1","specversion":"1.0","data":{"entity":"a"},"topic":"t"}""", """{"entity":"a"}""")]
    [InlineData("""{"id":"1","specversion":"1.0"}""", "")]
    [InlineData("""{"data":{"entity":"a"}}""", """{"data":{"entity":"a"}}""")]
    [InlineData("""{"specversion":"1.0","data":{""", """{"specversion":"1.0","data":{""")]
    [InlineData("no json", "no json")]
    public void A_raw_message_is_itself_and_of_an_envelope_its_data_counts(string message, string data)
    {
        var body = $$"""{"entries":[{"entryId":"a","event":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(message))}}","contentType":"application/octet-stream"}]}""";
        Text(BulkPayload.Split(Encoding.UTF8.GetBytes(body)).Single()).ShouldBe(data);
    }

    [Fact]
    public void Any_json_value_comes_out_as_it_went_in()
    {
        Gen.String.Array[1, 20].Sample(texts =>
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new
            {
                entries = texts.Select((text, index) => new { entryId = $"{index}", @event = new { id = text, data = new { text } } }),
            });

            var entries = BulkPayload.Split(body);

            for (var index = 0; index < texts.Length; index++)
                JsonSerializer.Deserialize<JsonElement>(entries[index].Data.Span).GetProperty("text").GetString()
                    .ShouldBe(JsonSerializer.Deserialize<string>(JsonSerializer.Serialize(texts[index])));
        });
    }

    /// <summary>Whatever stands in events and between tokens; a document that is built in full says what the entries are.</summary>
    [Fact]
    public void Any_delivery_is_cut_as_a_document_would_be()
    {
        var space = OneOf("", "", " ", "\t", "\r\n  ");
        var value = Value(space, depth: 3);
        var entry = Gen.Select(Text(), value, value, space, Gen.Int[0, 4], (id, data, other, gap, shape) => shape switch
        {
            0 => $"{{{gap}\"entryId\":{id},\"event\"{gap}:{{\"data\"{gap}:{gap}{data}{gap}}}}}",
            1 => $"{{\"event\":{gap}{{\"before\":{other},{gap}\"data\":{data},\"after\":{other}{gap}}},\"entryId\":{id}{gap}}}",
            2 => $"{{\"metadata\":{other},\"entryId\":{id},\"event\":{{\"nested\":{{\"data\":{other}}},\"data\"{gap}:{data}}},\"more\":{other}}}",
            3 => $"{{\"entryId\":{id},\"event\":{{\"other\":{other}}}}}",
            _ => $"{{\"entryId\":{id},\"event\":{{\"data\":{other},{gap}\"data\":{gap}{data}}}}}",
        });

        Gen.Select(entry.List[0, 6], value, space).Sample((entries, other, gap) =>
        {
            var body = Encoding.UTF8.GetBytes($"{gap}{{\"id\":{other},\"entries\":{gap}[{gap}{string.Join($"{gap},{gap}", entries)}{gap}],\"rest\":{other}}}");

            using var document = JsonDocument.Parse(body);
            var expected = document.RootElement.GetProperty("entries").EnumerateArray()
                .Select(element => (element.GetProperty("entryId").GetString(), element.GetProperty("event").TryGetProperty("data", out var data) ? data.GetRawText() : ""));

            BulkPayload.Split(body).Select(found => ((string?)found.EntryId, Text(found))).ShouldBe(expected);
        });
    }

    /// <summary>Cut short anywhere, it is never taken for a whole one.</summary>
    [Fact]
    public void What_ends_too_early_is_refused()
    {
        var body = Encoding.UTF8.GetBytes("""{"id":"x","entries":[{"entryId":"a","event":{"data":{"a":[1,"\\\"}"]}}},{"entryId":"b","event":{"data":"\u0022\\"}},{"entryId":"c","event":{"data":[]}}]}""");

        BulkPayload.Split(body).Count.ShouldBe(3);
        for (var length = 0; length < body.Length; length++)
            Should.Throw<JsonException>(() => BulkPayload.Split(body.AsMemory(0, length)), $"the first {length} bytes");
    }

    [Theory]
    [InlineData("""{"a":1]""")]
    [InlineData("""{"a" 1}""")]
    [InlineData("""[1,,2]""")]
    [InlineData("""{"a":"\x"}""")]
    public void Damaged_data_spoils_no_other_entry(string damaged)
    {
        var body = $$$$"""{"entries":[{"entryId":"a","event":{"data":{{{{damaged}}}}}},{"entryId":"b","event":{"data":{"good":1}}}]}""";

        var entries = BulkPayload.Split(Encoding.UTF8.GetBytes(body));

        entries.Select(Text).ShouldBe([damaged, """{"good":1}"""]);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<JsonElement>(entries[0].Data.Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"entries":{}}""")]
    [InlineData("""{"entries":[{"event":{"data":1}}]}""")]
    [InlineData("""{"entries":[{"entryId":"a","event":{"data":""")]
    [InlineData("""{"entries":[{"entryId":"a","event":{"data":1 2}}]}""")]
    [InlineData("""{"entries":[{"entryId":"a","event":{"data":{"a":1} 2}}]}""")]
    [InlineData("""{"entries":[{"entryId":"a","event":{"data":}}]}""")]
    [InlineData("""{"entries":[{"entryId":"a","event":{"data"{}}}]}""")]
    public void What_is_no_bulk_delivery_is_refused(string body) =>
        Should.Throw<JsonException>(() => BulkPayload.Split(Encoding.UTF8.GetBytes(body)));

    static string Text(BulkEntry entry) => Encoding.UTF8.GetString(entry.Data.Span);

    /// <summary>A JSON string as any writer may put it: what must be escaped is, of the rest some.</summary>
    static Gen<string> Text()
    {
        var piece = OneOf("\\\"", "\\\\", "\\u0022", "\\u005C", "\\n", "\\/", "{", "}", "[", "]", "[{", ":", ",", "null", "data", "é", "漢", "🙂", " ", "\\ud83d\\ude00", "a");
        return piece.Array[0, 12].Select(pieces => $"\"{string.Concat(pieces)}\"");
    }

    static Gen<string> Value(Gen<string> space, int depth)
    {
        var leaf = Gen.OneOf(Text(), OneOf("null", "true", "false", "0", "-1.5e-7", "12345678901234567890", "{}", "[]", "\"\""));
        if (depth == 0)
            return leaf;
        var inner = Value(space, depth - 1);
        return Gen.OneOf(
            leaf,
            Gen.Select(inner.Array[0, 4], space, (items, gap) => $"[{gap}{string.Join($"{gap},", items)}{gap}]"),
            Gen.Select(Gen.Select(Text(), inner).Array[0, 4], space, (members, gap) =>
                $"{{{gap}{string.Join($",{gap}", members.Select(member => $"{member.Item1}{gap}:{gap}{member.Item2}"))}{gap}}}"));
    }

    static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(index => texts[index]);
}
