using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace Forewarn.Hosting.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void A_value_out_of_range_names_the_variable_the_value_and_the_range()
    {
        var error = Should.Throw<OptionsException>(() => Read(("Sample:Count", "11")));

        error.Message.ShouldBe("SAMPLE__COUNT is '11': The field Count must be between 1 and 10.");
    }

    [Fact]
    public void A_misspelt_key_is_an_error_and_not_ignored() =>
        Should.Throw<OptionsException>(() => Read(("Sample:Cuont", "3"))).Message.ShouldBe("SAMPLE__ has no setting 'Cuont'; docs/config.md lists what there is.");

    [Fact]
    public void Something_that_is_no_number_is_refused() =>
        Should.Throw<OptionsException>(() => Read(("Sample:Count", "many"))).Message.ShouldContain("many");

    [Fact]
    public void Defaults_hold_where_nothing_is_said() => Read().Count.ShouldBe(5);

    static SampleOptions Read(params (string Key, string Value)[] values) => OptionsExtensions.Read<SampleOptions>(
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value)).Build());

    sealed class SampleOptions : ISectionOptions
    {
        public static string Section => "Sample";

        [Range(1, 10)]
        public int Count { get; set; } = 5;
    }
}
