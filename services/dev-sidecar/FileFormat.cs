using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DevSidecar;

/// <summary>
/// The number of a file's format, in SQLite's <c>user_version</c>. A file of a newer format is refused, and its
/// connection closed: what an older program wrote into it, the newer one would take for something else.
/// </summary>
static class FileFormat
{
    /// <param name="connection">Open, before anything is created in it.</param>
    /// <param name="known">The newest format that this program knows; new files and those from before there was a number get it.</param>
    /// <exception cref="SidecarConfigurationException">The file has a newer format.</exception>
    public static void Claim(SqliteConnection connection, int known)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        var found = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        if (found > known)
        {
            connection.Dispose();
            throw new SidecarConfigurationException(
                $"{connection.DataSource} has format {found}, and this program knows {known} at most: a newer version wrote it. Start that version or a newer one, or restore a copy from before the upgrade.");
        }

        if (found < known)
        {
#pragma warning disable CA2100 // a number
            command.CommandText = $"PRAGMA user_version={known.ToString(CultureInfo.InvariantCulture)}";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
    }
}
