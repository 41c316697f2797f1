using System.Text.Json;
using Forewarn.Testing.KafkaClient;

// A client of Kafka that knows nothing of Dapr, for tests that want one in another process. One argument: the brokers. One
// request per line in, one answer per line out, both JSON; ends with its standard input.
using var client = new PlainClient(args[0]);
while (await Console.In.ReadLineAsync() is { } line)
{
    object answer;
    try
    {
        answer = await AnswerAsync(JsonSerializer.Deserialize<Request>(line, JsonSerializerOptions.Web)!);
    }
    catch (Exception e)
    {
        answer = new { error = e.Message };
    }

    Console.WriteLine(JsonSerializer.Serialize(answer, JsonSerializerOptions.Web));
}

async Task<object> AnswerAsync(Request request)
{
    switch (request.Do)
    {
        case "produce":
            await client.ProduceAsync(request);
            return new { };
        case "read":
            return new { records = client.Read(request.Topic, request.Count) };
        case "committed":
            return new { committed = client.Committed(request.Topic, request.Group!) };
        default:
            return new { error = $"unknown request '{request.Do}': produce, read, committed" };
    }
}
