using System.Text.Json;
using DevSidecar.Actors;
using DevSidecar.Api;
using DevSidecar.Bindings;

namespace DevSidecar.Tests;

public sealed class ScheduleTests
{
    static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_times_of_the_sdk_are_understood()
    {
        var schedule = Parse("""{"dueTime":"0h0m1s0ms","period":"R3/PT2S","ttl":"1h0m0s0ms"}""");
        schedule.ShouldBe(new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 3, TimeSpan.FromHours(1)));
        Parse("""{"dueTime":"2030-01-01T00:00:05Z","period":""}""").ShouldBe(new(TimeSpan.FromSeconds(5), null, 1, null));
        Parse("""{"period":"@every 5s"}""").ShouldBe(new(TimeSpan.Zero, TimeSpan.FromSeconds(5), int.MaxValue, null));
    }

    [Theory]
    [InlineData("""{"period":"R3/P1DT"}""")]
    [InlineData("""{"period":"sometimes"}""")]
    [InlineData("""{"dueTime":"soon"}""")]
    [InlineData("""{"ttl":"-1s"}""")]
    public void What_daprd_refuses_is_refused(string json) => Should.Throw<ApiException>(() => Parse(json));

    [Theory]
    [InlineData("\"a\\n\\u003cb\\u003e\"", "a\n<b>")]
    [InlineData("`raw\\n`", "raw\\n")]
    [InlineData("plain", null)]
    [InlineData("\"\\ud83d\\udd25\"", null)]
    [InlineData("\"open", null)]
    public void Strings_are_unquoted_as_Go_does(string text, string? expected) => GoString.Unquote(text).ShouldBe(expected);

    static Schedule Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Schedule.Parse(document.RootElement, Now);
    }
}
