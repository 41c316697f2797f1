namespace Forewarn.Trainer.Tests.Evaluation;

public sealed class DataReaderTests : IDisposable
{
    readonly LabelledFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void A_root_of_several_sets_gives_them_all()
    {
        _data.AddSeries("b", "one", 1);
        _data.AddSeries("b", "two", 2);
        _data.AddSeries("a", "three", 3);
        _data.AddNab();
        var sets = Read(_data.Root);
        sets.Select(set => (set.Name, set.IsNab, set.Streams.Count)).ShouldBe([("nab", true, 1), ("a", false, 1), ("b", false, 2)], ignoreOrder: true);
        sets.Single(set => set.Name == "b").Streams.Select(stream => stream.Name).ShouldBe(["one", "two"]);
    }

    [Fact]
    public void A_series_folder_keeps_rows_labels_and_times_in_order()
    {
        var folder = _data.AddSeries("services", "one", 1);
        var stream = Read(folder).ShouldHaveSingleItem().Streams.ShouldHaveSingleItem();
        (stream.Training.Count, stream.Training.Columns, stream.Test.Count, stream.Probation).ShouldBe((900, 3, 600, 0));
        stream.Labels.Count(label => label).ShouldBe(40);
        stream.CadenceMs.ShouldBe(300_000);
        (stream.Test.Times[0] - stream.Training.Times[^1]).ShouldBe(300_000);
        stream.Test.Row(300)[1].ShouldBe(3, 0.5);
    }

    [Fact]
    public void A_cadence_can_be_told()
    {
        var folder = _data.AddSeries("mine", "one", 1);
        DataReader.Read([folder], Cadences.AsPublished)[0].Streams[0].CadenceMs.ShouldBe(60_000);
        DataReader.Read([folder], new Cadences(new Dictionary<string, int> { ["mine"] = 10 }))[0].Streams[0].CadenceMs.ShouldBe(10_000);
    }

    [Fact]
    public void A_NAB_file_has_its_cadence_its_probation_and_its_window()
    {
        var stream = Read(_data.AddNab()).Single().Streams.Single();
        (stream.Name, stream.CadenceMs, stream.Probation, stream.Training.Count).ShouldBe(("group/one.csv", 300_000, 60, 0));
        Enumerable.Range(0, 400).Where(i => stream.Labels[i]).ShouldBe(Enumerable.Range(200, 41));
    }

    [Theory]
    [InlineData("labels.csv.gz", "1", "0 or 1 for each of the 600 rows")]
    [InlineData("train.csv.gz", "1,2", "train.csv.gz has 2 columns and test.csv.gz 3")]
    [InlineData("test.csv.gz", "1,2,three", "line 1: 'three' is no number")]
    public void A_file_that_does_not_fit_is_named_with_what_is_wrong(string file, string line, string expected)
    {
        var folder = _data.AddSeries("set", "one", 1);
        LabelledFolder.Gzip(Path.Combine(folder, file), [line]);
        Fails(folder).ShouldContain(expected);
    }

    [Fact]
    public void Odd_labels_missing_files_and_ragged_rows_are_named()
    {
        var folder = _data.AddSeries("set", "one", 1);
        LabelledFolder.Gzip(Path.Combine(folder, "labels.csv.gz"), Enumerable.Repeat("2", 600));
        Fails(folder).ShouldContain("a label is 0 or 1");
        File.Delete(Path.Combine(folder, "labels.csv.gz"));
        Fails(folder).ShouldContain("labels.csv.gz cannot be read");
        LabelledFolder.Gzip(Path.Combine(folder, "train.csv.gz"), ["1,2,3", "1,2"]);
        Fails(folder).ShouldContain("line 2: 2 numbers where the first line has 3");
        File.WriteAllText(Path.Combine(folder, "train.csv.gz"), "plain text");
        Fails(folder).ShouldContain("train.csv.gz cannot be read");
    }

    [Fact]
    public void A_window_beside_the_rows_is_named() =>
        Fails(_data.AddNab(windowStart: "2024-01-01 16:41:00.000000")).ShouldContain("does not begin and end at rows");

    [Fact]
    public void A_folder_without_data_says_what_is_expected()
    {
        Fails(_data.Root).ShouldContain("labels/combined_windows.json");
        Fails(Path.Combine(_data.Root, "absent")).ShouldContain("is no folder");
    }

    [Fact]
    public void The_parts_of_the_nested_protocol_follow_from_the_path_alone()
    {
        // MD5("a") ends in 0x61 (bit 1 clear), MD5("b") in 0x8f (bit 1 set): RFC 1321, and md5sum.
        NabLayout.IsSecondPart("a").ShouldBeFalse();
        NabLayout.IsSecondPart("b").ShouldBeTrue();
    }

    static IReadOnlyList<LabelledSet> Read(string path) => DataReader.Read([path], Cadences.AsPublished);

    static string Fails(string path) => Should.Throw<EvaluationException>(() => Read(path)).Message;
}
