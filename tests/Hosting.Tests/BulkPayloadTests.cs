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
        entries[2].Data.IsEmpty.ShouldBeTrue();
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

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"entries":{}}""")]
    [InlineData("""{"entries":[{"event":{"data":1}}]}""")]
    [InlineData("""{"entries":[{"entryId":"a","event":{"data":""")]
    public void What_is_no_bulk_delivery_is_refused(string body) =>
        Should.Throw<JsonException>(() => BulkPayload.Split(Encoding.UTF8.GetBytes(body)));

    static string Text(BulkEntry entry) => Encoding.UTF8.GetString(entry.Data.Span);
}
