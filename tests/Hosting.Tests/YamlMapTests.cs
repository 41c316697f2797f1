namespace Forewarn.Hosting.Tests;

public sealed class YamlMapTests
{
    readonly YamlMistakes _mistakes = new("f.yaml");

    [Fact]
    public void What_is_there_is_read_and_what_is_not_is_absent()
    {
        var map = Load("""
            text: some
            flag: true
            number: 0.5
            time: 90m
            many: [a, b]
            one: a
            pairs: { x: 1, y: "2" }
            map: { inner: 1 }
            maps: [{ n: 1 }, { n: 2 }]
            """);

        map.Text("text").ShouldBe("some");
        map.Text("absent").ShouldBeNull();
        map.Flag("flag").ShouldBeTrue();
        map.Flag("absent").ShouldBeFalse();
        map.Positive("number", 1).ShouldBe(0.5);
        map.Duration("time", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)).ShouldBe(TimeSpan.FromMinutes(90));
        map.Texts("many").Select(text => (text.Value, text.Line, text.Path)).ShouldBe([("a", 5, "many[0]"), ("b", 5, "many[1]")]);
        map.Texts("one").Single().Value.ShouldBe("a");
        map.Pairs("pairs").ShouldBe(new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        map.Map("map")!.Text("inner").ShouldBe("1");
        map.Map("absent").ShouldBeNull();
        map.Maps("maps").Select(inner => inner.Text("n")).ShouldBe(["1", "2"]);
        map.RefuseOthers();
        _mistakes.Messages.ShouldBeEmpty();
    }

    [Fact]
    public void All_that_is_wrong_is_told_by_line_with_place_and_what_is_allowed()
    {
        var map = Load("""
            text: [a]
            flag: maybe
            number: -1
            time: 2 hours
            many: { a: b }
            pairs: [a]
            map: text
            maps: [a]
            nested: [{ deep: { x: y } }]
            unknown: 1
            """);

        map.Required("missing");
        map.Required("text");
        map.Flag("flag");
        map.Positive("number", 10);
        map.Duration("time", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        map.Texts("many");
        map.Pairs("pairs");
        map.Map("map");
        map.Maps("maps");
        map.Maps("absent", "at least one, such as { a: b }");
        map.Maps("nested")[0].Map("deep")!.RefuseOthers();
        map.RefuseOthers();

        _mistakes.Messages.ShouldBe(
        [
            "f.yaml, line 1: missing is missing",
            "f.yaml, line 1: text must be a single value",
            "f.yaml, line 1: absent must have at least one, such as { a: b }",
            "f.yaml, line 2: flag must be true or false, not 'maybe'",
            "f.yaml, line 3: number must be a number above 0 and at most 10, not '-1'",
            "f.yaml, line 4: time must be a duration from 1s to 1d, such as 45s, 15m, 2h or 1d, not '2 hours'",
            "f.yaml, line 5: many must be a text or a list of texts",
            "f.yaml, line 6: pairs must be a mapping of texts to texts",
            "f.yaml, line 7: map must be a mapping of names to values",
            "f.yaml, line 8: maps must be a list of mappings",
            "f.yaml, line 9: nested[0].deep.x is unknown. Known: ",
            "f.yaml, line 10: unknown is unknown. Known: absent, flag, many, map, maps, missing, nested, number, pairs, text, time",
        ]);
    }

    [Theory]
    [InlineData("45s", 45)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("7d", 604800)]
    public void Durations_are_read(string text, double seconds) => DurationText.Parse(text).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5")]
    [InlineData("-5m")]
    [InlineData("1h30m")]
    [InlineData("99999999d")]
    public void What_is_no_duration_is_none(string text) => DurationText.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData(0.5, "0.5s")]
    [InlineData(90, "90s")]
    [InlineData(5400, "90m")]
    [InlineData(86400, "1d")]
    public void Durations_are_written_in_the_largest_unit_that_fits(double seconds, string text) => DurationText.Format(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    YamlMap Load(string yaml) => YamlMap.Load(yaml, _mistakes, "a mapping").ShouldNotBeNull();
}
