using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dapr.Client;
using Dapr.Client.Autogen.Grpc.v1;
using Forewarn.Hosting;
using Google.Protobuf;
using Grpc.Net.Client;

namespace Forewarn.Testing;

/// <summary>
/// A Dapr sidecar in memory behind the real clients: state with ETags, bulk publish, invocation. What leaves the process
/// is what a sidecar would see; failures are switched on by the test.
/// </summary>
sealed class FakeDapr : HttpMessageHandler
{
    readonly Lock _lock = new();

    public ConcurrentDictionary<string, (byte[] Value, string Etag)> State { get; } = new(StringComparer.Ordinal);
    public List<(string Topic, BulkPublishRequestEntry Entry)> Published { get; } = [];

    /// <summary>What a binding that stores files holds.</summary>
    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Where that binding looks for a file's name: each type has a word of its own and passes over others.</summary>
    public string FileNameIn { get; set; } = "fileName";

    /// <summary>Calls of each gRPC method and each invoked path.</summary>
    public ConcurrentDictionary<string, int> Calls { get; } = new(StringComparer.Ordinal);

    /// <summary>Publishing fails while this returns true; it gets the topic.</summary>
    public Func<string, bool> RefusePublish { get; set; } = static _ => false;

    /// <summary>Stores the batch before failing: the publisher cannot know whether it got through.</summary>
    public bool PublishBeforeRefusing { get; set; }

    /// <summary>Answers GET invocations: app id and path in, JSON out; null = 404.</summary>
    public Func<string, string, string?> Invoke { get; set; } = static (_, _) => null;

    public DaprClient Client() => new DaprClientBuilder()
        .UseGrpcEndpoint("http://sidecar.test").UseHttpEndpoint("http://sidecar.test")
        .UseGrpcChannelOptions(new GrpcChannelOptions { HttpHandler = this }).Build();

    public Dapr.Client.Autogen.Grpc.v1.Dapr.DaprClient Generated() =>
        new(GrpcChannel.ForAddress("http://sidecar.test", new GrpcChannelOptions { HttpHandler = this }));

    public ServiceInvoker Services() => new(new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://sidecar.test") });

    public IReadOnlyList<T> Messages<T>(string topic, JsonTypeInfo<T> type)
    {
        lock (_lock)
            return [.. Published.Where(entry => entry.Topic == topic).Select(entry => JsonSerializer.Deserialize(entry.Entry.Event.Span, type)!)];
    }

    public void ClearPublished()
    {
        lock (_lock)
            Published.Clear();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        const string Invocation = "/v1.0/invoke/";
        if (path.StartsWith(Invocation, StringComparison.Ordinal))
            return Invoked(path[Invocation.Length..]);
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        var method = path[(path.LastIndexOf('/') + 1)..];
        Calls.AddOrUpdate(method, 1, static (_, count) => count + 1);
        var (reply, status) = Handle(method, body.AsSpan(5));
        return Grpc(reply, status);
    }

    (IMessage Reply, int Status) Handle(string method, ReadOnlySpan<byte> message)
    {
        switch (method)
        {
            case "GetState":
                var get = GetStateRequest.Parser.ParseFrom(message);
                return (State.TryGetValue($"{get.StoreName}/{get.Key}", out var found)
                    ? new GetStateResponse { Data = ByteString.CopyFrom(found.Value), Etag = found.Etag }
                    : new GetStateResponse(), 0);
            case "SaveState":
                return Save(SaveStateRequest.Parser.ParseFrom(message));
            case "BulkPublishEvent" or "BulkPublishEventAlpha1":
                return Publish(BulkPublishRequest.Parser.ParseFrom(message));
            case "InvokeBinding":
                return Bind(InvokeBindingRequest.Parser.ParseFrom(message));
            default:
                return (new GetStateResponse(), 12);
        }
    }

    (IMessage, int) Bind(InvokeBindingRequest request)
    {
        const int Internal = 13;
        var name = request.Metadata[FileNameIn];
        if (request.Operation == "create")
            Files[name] = Convert.FromBase64String(request.Data.ToStringUtf8());
        return Files.TryGetValue(name, out var content)
            ? (new InvokeBindingResponse { Data = ByteString.CopyFrom(content) }, 0)
            : (new InvokeBindingResponse(), Internal);
    }

    (IMessage, int) Save(SaveStateRequest request)
    {
        const int Aborted = 10;
        lock (_lock)
        {
            foreach (var item in request.States)
            {
                var key = $"{request.StoreName}/{item.Key}";
                var sent = item.Etag?.Value ?? "";
                var stored = State.TryGetValue(key, out var current) ? current.Etag : "";
                if (item.Options?.Concurrency == Dapr.Client.Autogen.Grpc.v1.StateOptions.Types.StateConcurrency.ConcurrencyFirstWrite && sent != stored)
                    return (new Google.Protobuf.WellKnownTypes.Empty(), Aborted);
                State[key] = (item.Value.ToByteArray(), Guid.NewGuid().ToString());
            }
        }
        return (new Google.Protobuf.WellKnownTypes.Empty(), 0);
    }

    (IMessage, int) Publish(BulkPublishRequest request)
    {
        const int Unavailable = 14;
        var refuse = RefusePublish(request.Topic);
        if (!refuse || PublishBeforeRefusing)
        {
            lock (_lock)
                Published.AddRange(request.Entries.Select(entry => (request.Topic, entry)));
        }
        return (new BulkPublishResponse(), refuse ? Unavailable : 0);
    }

    HttpResponseMessage Invoked(string target)
    {
        var app = target[..target.IndexOf('/', StringComparison.Ordinal)];
        var path = target[(app.Length + "/method/".Length)..];
        Calls.AddOrUpdate(app, 1, static (_, count) => count + 1);
        return Invoke(app, path) is { } json
            ? new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") }
            : new HttpResponseMessage(HttpStatusCode.NotFound);
    }

    static HttpResponseMessage Grpc(IMessage reply, int status)
    {
        var bytes = reply.ToByteArray();
        var framed = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), bytes.Length);
        bytes.CopyTo(framed, 5);
        var response = new HttpResponseMessage(HttpStatusCode.OK)
        {
            Version = HttpVersion.Version20,
            Content = new ByteArrayContent(status == 0 ? framed : []),
        };
        response.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        response.TrailingHeaders.Add("grpc-status", status.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }
}
