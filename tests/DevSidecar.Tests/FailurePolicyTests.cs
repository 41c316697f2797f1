using System.Text.Json;
using DevSidecar.Actors;
using DevSidecar.Api;
using Microsoft.Data.Sqlite;

namespace DevSidecar.Tests;

public sealed class FailurePolicyTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{}""", 1000, 3)]
    [InlineData("""{"failure_policy":null}""", 1000, 3)]
    [InlineData("""{"failure_policy":{"drop":{}}}""", 0, 0)]
    [InlineData("""{"failure_policy":{"constant":{}}}""", 0, null)]
    [InlineData("""{"failure_policy":{"constant":{"interval":"1.5s","maxRetries":7}}}""", 1500, 7)]
    [InlineData("""{"failure_policy":{"constant":{"interval":{"seconds":1,"nanos":250000000},"max_retries":0}}}""", 1250, 0)]
    [InlineData("""{"failurePolicy":{"constant":{"interval":"0h0m5s0ms","maxRetries":"2"}}}""", 5000, 2)]
    public void The_forms_of_json_are_read(string request, int milliseconds, int? retries) =>
        FailurePolicy.Parse(Json(request)).ShouldBe(new FailurePolicy(TimeSpan.FromMilliseconds(milliseconds), retries));

    [Theory]
    [InlineData("\"drop\"", "either drop or constant")]
    [InlineData("{}", "either drop or constant")]
    [InlineData("""{"drop":{},"constant":{}}""", "either drop or constant")]
    [InlineData("""{"exponential":{}}""", "'exponential' is unknown")]
    [InlineData("""{"drop":true}""", "drop must be an object")]
    [InlineData("""{"drop":{"maxRetries":1}}""", "drop.maxRetries is unknown")]
    [InlineData("""{"constant":{"delay":"1s"}}""", "constant.delay is unknown")]
    [InlineData("""{"constant":{"interval":"soon"}}""", "constant.interval soon")]
    [InlineData("""{"constant":{"interval":"-1s"}}""", "constant.interval -1s")]
    [InlineData("""{"constant":{"interval":"2000h"}}""", "constant.interval 2000h")]
    [InlineData("""{"constant":{"interval":5}}""", "constant.interval 5")]
    [InlineData("""{"constant":{"interval":{"seconds":-1}}}""", "constant.interval.seconds")]
    [InlineData("""{"constant":{"maxRetries":-1}}""", "constant.maxRetries -1")]
    [InlineData("""{"constant":{"maxRetries":1.5}}""", "constant.maxRetries 1.5")]
    public void What_is_invalid_is_named(string policy, string reason)
    {
        var error = Should.Throw<ApiException>(() => FailurePolicy.Parse(Json($$"""{"failure_policy":{{policy}}}""")));
        error.HttpStatus.ShouldBe(400);
        error.Message.ShouldContain(reason);
    }

    [Fact]
    public void A_policy_is_stored_with_its_reminder()
    {
        var file = Path.Combine(_folder.Path, "reminders.db");
        var policies = new FailurePolicy[] { FailurePolicy.Default, FailurePolicy.Drop, new(TimeSpan.FromMilliseconds(20), null) };
        using (var store = new ReminderStore(file))
        {
            for (var i = 0; i < policies.Length; i++)
            {
                store.Save(Reminder($"r{i}", FailurePolicy.Drop));
                store.Save(Reminder($"r{i}", policies[i]));
            }
        }

        using var again = new ReminderStore(file);
        again.All().OrderBy(r => r.Name, StringComparer.Ordinal).Select(r => r.OnFailure).ShouldBe(policies);
    }

    [Fact]
    public void A_reminder_from_before_there_were_policies_keeps_the_default()
    {
        var file = Path.Combine(_folder.Path, "reminders.db");
        using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                CREATE TABLE reminders (
                    type TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, data TEXT, due_text TEXT NOT NULL, period_text TEXT NOT NULL, ttl_text TEXT,
                    due INTEGER NOT NULL, period INTEGER, left INTEGER NOT NULL, expires INTEGER, PRIMARY KEY (type, id, name)) WITHOUT ROWID;
                INSERT INTO reminders (type, id, name, due_text, period_text, due, left) VALUES ('T', 'a', 'old', '1s', '', 0, 1);
                """;
            command.ExecuteNonQuery();
        }

        using var store = new ReminderStore(file);
        store.All().ShouldHaveSingleItem().OnFailure.ShouldBe(FailurePolicy.Default);
    }

    static Reminder Reminder(string name, FailurePolicy policy) =>
        new(new("T", "a"), name, null, "1s", "", null, DateTimeOffset.UnixEpoch, null, 1, null, policy);

    static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
