using Forewarn.Hosting;
using Npgsql;

namespace Forewarn.History.Storage;

static class Database
{
    const string Setting = "ConnectionStrings__Forewarn";

    /// <exception cref="OptionsException">The connection string is missing or unreadable.</exception>
    public static NpgsqlDataSource Open(IConfiguration configuration, HistoryOptions options)
    {
        var text = configuration.GetConnectionString("Forewarn");
        if (string.IsNullOrWhiteSpace(text))
            throw new OptionsException($"{Setting} is not set: history needs a PostgreSQL database, for example Host=127.0.0.1;Port=5432;Database=forewarn;Username=forewarn;Password=...");
        return Open(text, options);
    }

    public static NpgsqlDataSource Open(string connectionString, HistoryOptions options)
    {
        NpgsqlConnectionStringBuilder settings;
        try
        {
            settings = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (ArgumentException unreadable)
        {
            // The text may hold a password: name the fault, not the value.
            throw new OptionsException($"{Setting} cannot be read: {unreadable.Message}");
        }
        settings.ApplicationName ??= "forewarn-history";
        settings.MaxPoolSize = options.MaxConnections;
        settings.MaxAutoPrepare = 50;
        settings.Timezone = "UTC";
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
    }
}
