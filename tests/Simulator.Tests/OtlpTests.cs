using System.Net;
using System.Text;
using CsCheck;
using Forewarn.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Forewarn.Simulator.Tests;

public sealed class OtlpTests
{
    static readonly Gen<ExternalBatch> _batches =
        from entity in Gen.String[Gen.Char.AlphaNumeric, 1, 12]
        from names in Gen.Int[0, 3].Array[1, 6]
        from values in Gen.Double.Array[names.Length].Array[0, 4]
        select new ExternalBatch
        {
            Entity = entity,
            // Names come again, told apart by their label alone.
            Series = [.. names.Select((name, column) => new ExternalSeries($"metric.{name}", "By", new Dictionary<string, string>(StringComparer.Ordinal) { ["column"] = $"{column}" }))],
            Rows = [.. values.Select((row, i) => new ExternalRow(row, 1_800_000_000_000 + i * 1000L))],
        };

    [Fact]
    public void Every_measured_value_arrives_with_its_entity_name_unit_labels_and_time_and_nothing_else_does()
    {
        _batches.List[0, 3].Sample(batches =>
        {
            var expected = from batch in batches
                           from row in batch.Rows
                           from column in Enumerable.Range(0, batch.Series.Count)
                           where double.IsFinite(row.Values[column])
                           select (batch.Entity, batch.Series[column].Name, "By", $"column={column}", row.T!.Value * 1_000_000, BitConverter.DoubleToInt64Bits(row.Values[column]));
            Decode(OtlpMetrics.Request(batches)).Order().ShouldBe(expected.Order());
        }, iter: 300);
    }

    [Fact]
    public void What_the_host_is_and_where_it_stands_are_attributes_of_its_resource()
    {
        var batch = Batch() with { Attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["k8s.node.name"] = "node-1", ["host.rack"] = "rack-2" } };
        var resource = Message.Read(OtlpMetrics.Request([batch])).Messages(1).Single().Messages(1).Single();
        Attributes(resource, 1).ShouldBe(new Dictionary<string, string> { ["host.name"] = "web-1", ["k8s.node.name"] = "node-1", ["host.rack"] = "rack-2" }, ignoreOrder: true);
    }

    [Fact]
    public async Task It_is_posted_as_the_specification_says()
    {
        var (request, body) = (default(HttpRequestMessage), Array.Empty<byte>());
        using var sender = Sender(async message =>
        {
            (request, body) = (message, await message.Content!.ReadAsByteArrayAsync());
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
        });
        await sender.SendAsync([Batch()], TestContext.Current.CancellationToken);
        request!.RequestUri!.ToString().ShouldBe("http://collector.test:4318/v1/metrics");
        request.Content!.Headers.ContentType!.ToString().ShouldBe("application/x-protobuf");
        Decode(body).ShouldHaveSingleItem().Item2.ShouldBe("queue.depth");
    }

    [Fact]
    public async Task A_part_that_is_refused_ends_the_run_with_the_receivers_words()
    {
        // ExportMetricsServiceResponse { partial_success { rejected_data_points: 3, error_message: "too old" } }
        byte[] partial = [0x0A, 11, 0x08, 3, 0x12, 7, .. "too old"u8];
        using var sender = Sender(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(partial) }));
        (await Should.ThrowAsync<SendingException>(sender.SendAsync([Batch()], TestContext.Current.CancellationToken))).Message.ShouldContain("3 data points: too old");
    }

    [Fact]
    public async Task A_warning_without_refused_points_is_no_refusal()
    {
        byte[] warning = [0x0A, 5, 0x12, 3, .. "hmm"u8];
        using var sender = Sender(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(warning) }));
        await sender.SendAsync([Batch()], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_refusal_tells_the_message_of_its_status()
    {
        byte[] status = [0x08, 3, 0x12, 8, .. "bad name"u8];
        using var sender = Sender(_ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new ByteArrayContent(status) }));
        (await Should.ThrowAsync<SendingException>(sender.SendAsync([Batch()], TestContext.Current.CancellationToken))).Message.ShouldContain("400 bad name");
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task What_the_specification_does_not_call_passing_is_not_tried_again(HttpStatusCode status)
    {
        var calls = 0;
        using var sender = Sender(_ => Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent($"{++calls}") }));
        await Should.ThrowAsync<SendingException>(sender.SendAsync([Batch()], TestContext.Current.CancellationToken));
        calls.ShouldBe(1);
    }

    [Fact]
    public void Any_bytes_are_read_as_an_answer_without_an_exception() => Gen.Byte.Array[0, 60].Sample(bytes =>
    {
        OtlpMetrics.Rejected(bytes);
        OtlpMetrics.StatusMessage(bytes);
    });

    static ExternalBatch Batch() => new() { Entity = "web-1", Series = [new ExternalSeries("queue.depth", "{item}")], Rows = [new ExternalRow([3], 1_800_000_000_000)] };

    static OtlpSender Sender(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) =>
        new(new HttpClient(new Handler(answer)) { BaseAddress = new Uri("http://collector.test:4318") }, new FakeTimeProvider());

    /// <summary>Reads a request by the field numbers of opentelemetry-proto, apart from what wrote it.</summary>
    static IEnumerable<(string Entity, string Name, string Unit, string Labels, long Nanoseconds, long Bits)> Decode(byte[] request) =>
        from resourceMetrics in Message.Read(request).Messages(1)
        let entity = Attributes(resourceMetrics.Messages(1).Single(), 1)["host.name"]
        from metric in resourceMetrics.Messages(2).Single().Messages(2)
        from point in metric.Messages(5).Single().Messages(1)
        select (entity, metric.Text(1), metric.Text(3), string.Join(',', Attributes(point, 7).Select(pair => $"{pair.Key}={pair.Value}")),
            point.Fixed(3), point.Fixed(4));

    static Dictionary<string, string> Attributes(Message message, int field) =>
        message.Messages(field).ToDictionary(pair => pair.Text(1), pair => pair.Messages(2).Single().Text(1), StringComparer.Ordinal);

    sealed record Message(ILookup<int, byte[]> Fields)
    {
        public static Message Read(byte[] bytes)
        {
            using var reader = new BinaryReader(new MemoryStream(bytes));
            var fields = new List<(int Number, byte[] Value)>();
            while (reader.BaseStream.Position < bytes.Length)
            {
                var tag = reader.Read7BitEncodedInt();
                fields.Add((tag >> 3, (tag & 7) switch
                {
                    1 => reader.ReadBytes(8),
                    2 => reader.ReadBytes(reader.Read7BitEncodedInt()),
                    _ => throw new InvalidDataException($"wire type {tag & 7}"),
                }));
            }
            return new Message(fields.ToLookup(field => field.Number, field => field.Value));
        }

        public IEnumerable<Message> Messages(int field) => Fields[field].Select(Read);

        public string Text(int field) => Encoding.UTF8.GetString(Fields[field].Single());

        public long Fixed(int field) => BitConverter.ToInt64(Fields[field].Single());
    }

    sealed class Handler(Func<HttpRequestMessage, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request);
    }
}
