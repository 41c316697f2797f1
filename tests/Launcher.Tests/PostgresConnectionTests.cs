using DevSidecar;
using Forewarn.Launcher.Platform;

namespace Forewarn.Launcher.Tests;

public sealed class PostgresConnectionTests
{
    [Fact]
    public void A_local_server_has_both_spellings()
    {
        var connection = PostgresConnection.Local(20005, "abc");

        connection.Npgsql.ShouldBe("Host=127.0.0.1;Port=20005;Username=forewarn;Password=abc;Database=forewarn");
        connection.Dapr.ShouldBe("host=127.0.0.1 port=20005 dbname=forewarn user=forewarn password=abc");
    }

    [Fact]
    public void What_libpq_would_misread_is_quoted() =>
        PostgresConnection.FromNpgsql(@"Host=db;Username=u;Password=""it's a \ secret"";Database=d;SSL Mode=VerifyFull").Dapr
            .ShouldBe(@"host=db port=5432 dbname=d user=u password='it\'s a \\ secret' sslmode=verify-full");

    [Theory]
    [InlineData("Host=db;Username=u")]
    [InlineData("Database=d")]
    [InlineData("nonsense")]
    [InlineData("Host=db;Database=d;Port=many")]
    public void An_address_that_cannot_be_used_is_refused(string text) =>
        Should.Throw<LauncherException>(() => PostgresConnection.FromNpgsql(text)).Message.ShouldStartWith("ConnectionStrings__Forewarn");

    [Fact]
    public async Task A_server_that_does_not_answer_is_described_in_one_line()
    {
        var port = FreePorts.Next();

        var reason = await PostgresConnection.Local(port, "x").NotAnsweringBecauseAsync(TestContext.Current.CancellationToken);

        reason.ShouldNotBeNullOrEmpty();
        reason.ShouldNotContain("\n");
    }
}
