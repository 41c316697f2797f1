using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Forewarn.Ingestion.Tests;

public sealed class InfluxDoorTests(RunningIngestion ingestion) : IClassFixture<RunningIngestion>
{
    const string Key = "a key of the influx door";

    static CancellationToken Token => TestContext.Current.CancellationToken;

    static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Theory]
    [InlineData("write?db=telegraf&precision=ms")]
    [InlineData("api/v2/write?org=o&bucket=telegraf&precision=ms")]
    public async Task Both_versions_write_and_get_an_empty_answer_when_the_broker_has_it(string path)
    {
        var (entity, t) = ($"line-{path.Length}", Now);
        using var response = await PostAsync(ingestion, path, Text($"cpu,host={entity},cpu=cpu0 usage_user=1.5,usage_system=2 {t}\nmem,host={entity} used=7i {t}\ncpu,host={entity},cpu=cpu0 usage_user=2.5,usage_system=3 {t - 1000}"));

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var batches = ingestion.Sidecar.Raw.Where(batch => batch.Entity == entity).ToList();
        batches.Select(batch => (batch.Source, batch.Seq)).ShouldBe([("influx", 1), ("influx", 2)]);
        batches[0].Rows.Select(row => row.T).ShouldBe([t - 1000, t]);
        batches[0].Rows[1].Values.ShouldBe([1.5, 2]);
        ingestion.Sidecar.Schema(batches[0].Schema).Columns.Select(column => column.Name).ShouldBe(["cpu.usage_user", "cpu.usage_system"]);
        ingestion.Sidecar.Schema(batches[1].Schema).Columns.ShouldHaveSingleItem().Name.ShouldBe("mem.used");
    }

    [Fact]
    public async Task A_packed_body_is_unpacked_and_one_that_only_says_so_is_refused()
    {
        var lines = Encoding.UTF8.GetBytes("m,host=packed value=1");
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(lines, Token);
        using var good = await PostAsync(ingestion, "write", Packed(packed.ToArray()));
        good.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        ingestion.Sidecar.Raw.ShouldContain(batch => batch.Entity == "packed");

        using var bad = await PostAsync(ingestion, "write", Packed(lines));
        bad.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await MessageAsync(bad)).ShouldContain("is no gzip");
    }

    [Fact]
    public async Task A_body_that_unpacks_to_more_than_is_taken_is_refused_without_being_held()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 300; i++)
                await gzip.WriteAsync(new byte[100_000], Token);
        }
        using var response = await PostAsync(ingestion, "write", Packed(packed.ToArray()));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task One_bad_line_keeps_the_whole_request_out_and_is_named_for_either_version()
    {
        using var response = await PostAsync(ingestion, "api/v2/write", Text("m,host=half value=1\nm,host=half value=oops"));

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        error.RootElement.GetProperty("code").GetString().ShouldBe("invalid");
        error.RootElement.GetProperty("message").GetString().ShouldBe("line 2 has no number, truth value or quoted text in its field value");
        error.RootElement.GetProperty("error").GetString().ShouldBe(error.RootElement.GetProperty("message").GetString());
        ingestion.Sidecar.Raw.ShouldNotContain(batch => batch.Entity == "half");
    }

    [Fact]
    public async Task A_line_that_names_no_host_belongs_to_the_database()
    {
        using var response = await PostAsync(ingestion, "write?db=my%20db", Text("m value=1"));
        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        ingestion.Sidecar.Raw.ShouldContain(batch => batch.Entity == "influx/my_db");
    }

    [Theory]
    [InlineData("write?precision=fortnight", null, HttpStatusCode.BadRequest)]
    [InlineData("write", "br", HttpStatusCode.UnsupportedMediaType)]
    public async Task What_is_asked_for_otherwise_is_refused(string path, string? encoding, HttpStatusCode status)
    {
        var content = Text("m value=1");
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using var response = await PostAsync(ingestion, path, content);
        response.StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task While_the_broker_is_away_the_client_is_asked_to_come_again()
    {
        await using var alone = await RunningIngestion.StartAsync();
        alone.Sidecar.Otherwise = Outcome.Lost;
        using var response = await PostAsync(alone, "write", Text("m,host=away value=1"));
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull();
    }

    [Fact]
    public async Task Keys_come_as_either_version_sends_them_and_a_ping_needs_none()
    {
        await using var locked = await RunningIngestion.StartAsync("--Ingestion:Keys:0:Name=tests", $"--Ingestion:Keys:0:Sha256={Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}");
        foreach (var (scheme, value, status) in new[]
        {
            ("Token", Key, HttpStatusCode.NoContent),
            ("Bearer", Key, HttpStatusCode.NoContent),
            ("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"telegraf:{Key}")), HttpStatusCode.NoContent),
            ("Token", "another", HttpStatusCode.Unauthorized),
            ("Basic", "!", HttpStatusCode.Unauthorized),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "write") { Content = Text("m,host=keys value=1") };
            request.Headers.Authorization = new AuthenticationHeaderValue(scheme, value);
            using var response = await locked.Http.SendAsync(request, Token);
            response.StatusCode.ShouldBe(status, $"{scheme} {value}");
        }
        using var ping = await locked.Http.GetAsync("ping", Token);
        ping.StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    static async Task<HttpResponseMessage> PostAsync(RunningIngestion to, string path, HttpContent content)
    {
        using (content)
            return await to.Http.PostAsync(path, content, Token);
    }

    static StringContent Text(string lines) => new(lines, Encoding.UTF8, "text/plain");

    static ByteArrayContent Packed(byte[] bytes) => new(bytes) { Headers = { ContentEncoding = { "gzip" } } };

    static async Task<string> MessageAsync(HttpResponseMessage response)
    {
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return error.RootElement.GetProperty("message").GetString()!;
    }
}
