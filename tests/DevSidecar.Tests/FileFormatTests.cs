using DevSidecar.Actors;
using Microsoft.Data.Sqlite;

namespace DevSidecar.Tests;

public sealed class FileFormatTests : IDisposable
{
    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_log_of_a_newer_version_is_refused_by_name_and_left_as_it_is()
    {
        await using (var log = _folder.Open())
        {
            await log.AppendAsync(log.Topic("t"), [Records.Of(0, "kept")]);
        }

        var file = Path.Combine(_folder.Path, "log.db");
        Version(file).ShouldBe(1);
        Version(file, 2);
        var refused = Should.Throw<SidecarConfigurationException>(() => _folder.Open());
        refused.Message.ShouldContain(file);
        refused.Message.ShouldContain("has format 2, and this program knows 1 at most");
        Version(file).ShouldBe(2);

        Version(file, 1);
        await using var again = _folder.Open();
        again.Read(again.Topic("t").Partitions[0], 0, 10).ShouldHaveSingleItem().Text().ShouldBe("kept");
    }

    [Fact]
    public async Task A_log_from_before_there_was_a_number_is_taken_over()
    {
        var file = Path.Combine(_folder.Path, "log.db");
        await using (var log = _folder.Open())
        {
            await log.AppendAsync(log.Topic("t"), [Records.Of(0, "kept")]);
        }

        Version(file, 0);
        await using (var log = _folder.Open())
        {
            log.Read(log.Topic("t").Partitions[0], 0, 10).ShouldHaveSingleItem();
        }

        Version(file).ShouldBe(1);
    }

    [Fact]
    public void Reminders_of_a_newer_version_are_refused_by_name()
    {
        var file = Path.Combine(_folder.Path, "reminders.db");
        new ReminderStore(file).Dispose();
        Version(file, 7);
        Should.Throw<SidecarConfigurationException>(() => new ReminderStore(file)).Message.ShouldContain($"{file} has format 7");
    }

    static long Version(string file, int? set = null)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version" + (set is { } value ? $"={value}" : "");
        return (long?)command.ExecuteScalar() ?? 0;
    }
}
