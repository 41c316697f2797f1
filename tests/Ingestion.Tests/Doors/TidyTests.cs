namespace Forewarn.Ingestion.Tests;

public sealed class TidyTests
{
    [Theory]
    [InlineData("web-1", "web-1")]
    [InlineData("web 1 (x)", "web_1__x_")]
    [InlineData("\u00e9t\u00e9", "_t_")]
    public void Entities_of_others_get_names_that_are_allowed(string name, string tidy) => Tidy.Entity(name).ShouldBe(tidy);

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("1m", "_1m")]
    [InlineData("a b", "a_b")]
    [InlineData("", "_")]
    public void So_do_series(string name, string tidy) => Tidy.Name(name).ShouldBe(tidy);
}
