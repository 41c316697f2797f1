using System.Text;
using DevSidecar.PubSub;

namespace DevSidecar.Tests;

public sealed class AppAnswerTests
{
    [Theory]
    [InlineData(200, "", "Success")]
    [InlineData(204, "", "Success")]
    [InlineData(200, "hello", "Success")]
    [InlineData(200, """{"status":"SUCCESS"}""", "Success")]
    [InlineData(200, """{"status":""}""", "Success")]
    [InlineData(200, """{"status":"RETRY"}""", "Retry")]
    [InlineData(200, """{"status":"DROP"}""", "Drop")]
    [InlineData(200, """{"status":"Done"}""", "Retry")]
    [InlineData(404, "", "Drop")]
    [InlineData(500, "", "Retry")]
    [InlineData(302, "", "Retry")]
    public void A_single_answer_is_read_as_daprd_reads_it(int status, string body, string verdict)
    {
        var message = Message(0);
        AppAnswer.Apply(status, Encoding.UTF8.GetBytes(body), bulk: false, [message]);
        message.Verdict.ToString().ShouldBe(verdict);
    }

    [Theory]
    [InlineData(200, "", "Retry Retry")]
    [InlineData(200, "nonsense", "Retry Retry")]
    [InlineData(200, """{"statuses":[{"entryId":"t-0-0","status":"SUCCESS"}]}""", "Success Retry")]
    [InlineData(200, """{"statuses":[{"entryId":"t-0-1","status":"DROP"},{"entryId":"t-0-0","status":""}]}""", "Retry Drop")]
    [InlineData(404, "", "Drop Drop")]
    [InlineData(503, "", "Retry Retry")]
    public void A_bulk_answer_counts_per_entry(int status, string body, string verdicts)
    {
        Message[] messages = [Message(0), Message(1)];
        AppAnswer.Apply(status, Encoding.UTF8.GetBytes(body), bulk: true, messages);
        string.Join(' ', messages.Select(m => m.Verdict)).ShouldBe(verdicts);
    }

    static Message Message(long offset) => new("t", 0, new(offset, 0, null, [], default));
}
