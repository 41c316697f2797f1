using System.Text;
using System.Text.Json;
using Dapr;
using Dapr.Client;
using Forewarn.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Forewarn.Compliance;

public abstract class BindingTests(ITarget target)
{
    [Fact]
    public async Task O1_O2_O3_mail_has_recipients_headers_and_its_own_fields_only()
    {
        await using var sink = new SmtpSink();
        await using var world = await target.StartAsync(Components.Component(
            "mail", "bindings.smtp/v1", ("host", "127.0.0.1"), ("port", $"{sink.Port}"), ("emailFrom", "forewarn@example.org")));
        var client = world.Client(await world.AddClientAsync());
        await client.InvokeBindingAsync(Mail("<b>hot 🔥</b>", ("emailTo", "a@example.org;b@example.org"), ("emailCC", "c@example.org"), ("subject", "Grüße"), ("priority", "1")), TestContext.Current.CancellationToken);
        await client.InvokeBindingAsync(Mail("second", ("emailTo", "a@example.org"), ("subject", "2")), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => sink.Mails.Count == 2, "two mails");
        var mails = sink.Mails.ToArray();
        mails[0].Recipients.ShouldBe(["a@example.org", "b@example.org", "c@example.org"]);
        mails[0].Message.Subject.ShouldBe("Grüße");
        mails[0].Message.HtmlBody!.TrimEnd().ShouldBe("<b>hot 🔥</b>");
        mails[0].Message.Headers["X-Priority"].ShouldBe("1");
        await client.InvokeBindingAsync(
            Mail("third", ("emailTo", "a@example.org"), ("emailCC", "d@example.org"), ("emailBCC", "e@example.org"), ("subject", "3"), ("priority", "3")), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => sink.Mails.Count == 3, "a mail with all fields");
        sink.Mails.Last().Recipients.ShouldBe(["a@example.org", "d@example.org", "e@example.org"]);
        if (target.IsDapr)
        {
            mails[1].Recipients.ShouldBe(["a@example.org", "c@example.org"], "what a call leaves out is taken from the one before");
        }
        else
        {
            mails[1].Recipients.ShouldBe(["a@example.org"]);
            await Should.ThrowAsync<DaprException>(() => client.InvokeBindingAsync(Mail("x", ("subject", "nobody"))));
        }
    }

    [Fact]
    public async Task O4_O5_O6_http_posts_with_path_and_headers_and_reports_failure()
    {
        await using var slack = await ProbeApp.StartAsync((p, a) =>
        {
            a.MapPost("/hook/x", async (HttpContext c) =>
            {
                await p.RecordAsync(c);
                return "ok";
            });
            a.MapPost("/hook/bad", () => Results.StatusCode(500));
        });
        await using var world = await target.StartAsync(Components.Component("slack", "bindings.http/v1", ("url", $"http://127.0.0.1:{slack.Port}/hook")));
        var client = world.Client(await world.AddClientAsync());
        var request = new BindingRequest("slack", "post") { Data = """{"text":"hi"}"""u8.ToArray() };
        request.Metadata["path"] = "/x";
        request.Metadata["X-Mine"] = "1";
        request.Metadata["ignored"] = "1";
        var answer = await client.InvokeBindingAsync(request, TestContext.Current.CancellationToken);
        Encoding.UTF8.GetString(answer.Data.Span).ShouldBe("ok");
        answer.Metadata["statusCode"].ShouldBe("200");
        var got = slack.Requests.Single();
        got.Text.ShouldBe("""{"text":"hi"}""");
        got.Headers["X-Mine"].ShouldBe("1");
        got.Headers.ContainsKey("ignored").ShouldBeFalse();
        got.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
        var bad = new BindingRequest("slack", "post") { Data = "x"u8.ToArray() };
        bad.Metadata["path"] = "bad";
        var error = await Should.ThrowAsync<DaprException>(() => client.InvokeBindingAsync(bad));
        ((Grpc.Core.RpcException)error.InnerException!).StatusCode.ShouldBe(Grpc.Core.StatusCode.Internal);
        bad.Metadata["errorIfNot2XX"] = "false";
        (await client.InvokeBindingAsync(bad, TestContext.Current.CancellationToken)).Metadata["statusCode"].ShouldBe("500");
    }

    [Fact]
    public async Task Localstorage_creates_reads_lists_and_deletes_inside_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("localstorage").FullName;
        await using var world = await target.StartAsync(Components.Component("files", "bindings.localstorage/v1", ("rootPath", folder)));
        var client = world.Client(await world.AddClientAsync());
        byte[] bytes = [0, 1, 2, 250];
        await client.InvokeBindingAsync(Files("create", "a/b.bin", Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes))), TestContext.Current.CancellationToken);
        (await client.InvokeBindingAsync(Files("get", "a/b.bin"), TestContext.Current.CancellationToken)).Data.ToArray().ShouldBe(bytes);
        var list = await client.InvokeBindingAsync(Files("list", ""), TestContext.Current.CancellationToken);
        JsonSerializer.Deserialize<string[]>(list.Data.Span)!.Single().ShouldEndWith("a/b.bin");
        await Should.ThrowAsync<DaprException>(() => client.InvokeBindingAsync(Files("get", "../../etc/hostname")));
        await client.InvokeBindingAsync(Files("delete", "a/b.bin"), TestContext.Current.CancellationToken);
        await Should.ThrowAsync<DaprException>(() => client.InvokeBindingAsync(Files("get", "a/b.bin")));
        Directory.Delete(folder, recursive: true);
    }

    static BindingRequest Mail(string html, params (string Name, string Value)[] fields)
    {
        var request = new BindingRequest("mail", "create") { Data = Encoding.UTF8.GetBytes(html) };
        foreach (var (name, value) in fields)
        {
            request.Metadata[name] = value;
        }

        return request;
    }

    static BindingRequest Files(string operation, string name, byte[]? data = null)
    {
        var request = new BindingRequest("files", operation) { Data = data ?? [] };
        request.Metadata["fileName"] = name;
        return request;
    }
}
