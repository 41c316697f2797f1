using System.Text;
using CsCheck;

namespace Forewarn.Ingestion.Tests;

public sealed class ExternalReaderTests
{
    const long Now = 1_800_000_000_000;

    const string Valid = """
        [{"entity":"web-1","series":[{"name":"a.b","unit":"By/s","labels":{"k":"v"},"limit":1.5,"type":"gauge"},{"name":"c"}],"rows":[{"t":1800000000000,"values":[1,null]},{"t":1799999999000,"values":[-2.5e3,0]}]},
         {"rows":[{"values":[3]}],"series":[{"name":"c"}],"entity":"web-2"}]
        """;

    static Refusal? Read(ReadOnlySpan<byte> body, out IReadOnlyList<Submission> submissions, ShapeCache? shapes = null) =>
        ExternalReader.Read(body, "json", Now, new IngestionOptions(), shapes ?? new ShapeCache(), out submissions);

    [Fact]
    public void Any_bytes_are_either_read_or_refused_with_field_and_reason()
    {
        Gen.Byte.Array[0, 200].Sample(ShouldBeDecided, iter: 5_000);
    }

    [Fact]
    public void A_valid_body_with_some_bytes_changed_is_either_read_or_refused_with_field_and_reason()
    {
        var valid = Encoding.UTF8.GetBytes(Valid);
        var edit = Gen.Select(Gen.Int[0, valid.Length - 1], Gen.Byte, Gen.Int[0, 2]);
        edit.Array[1, 4].Sample(edits =>
        {
            var body = valid.ToList();
            foreach (var (at, value, kind) in edits)
            {
                var index = Math.Min(at, body.Count - 1);
                if (kind == 0)
                    body[index] = value;
                else if (kind == 1)
                    body.Insert(index, value);
                else
                    body.RemoveAt(index);
            }
            ShouldBeDecided([.. body]);
        }, iter: 5_000);
    }

    [Fact]
    public void Tokens_of_the_schema_in_any_order_are_either_read_or_refused()
    {
        string[] tokens = ["{", "}", "[", "]", ",", ":", "\"entity\"", "\"series\"", "\"rows\"", "\"name\"", "\"labels\"", "\"limit\"", "\"unit\"", "\"type\"", "\"counter\"",
            "\"t\"", "\"values\"", "1", "null", "true", "\"\\ud800\"", "1e999", "-0", "1800000000000", "\"x\""];
        Gen.Int[0, tokens.Length - 1].Array[0, 40].Sample(order => ShouldBeDecided(Encoding.UTF8.GetBytes(string.Concat(order.Select(i => tokens[i])))), iter: 5_000);
    }

    [Fact]
    public void A_known_shape_is_the_schema_that_was_validated_before()
    {
        var shapes = new ShapeCache();
        Read(Encoding.UTF8.GetBytes(Valid), out var first, shapes).ShouldBeNull();
        Read(Encoding.UTF8.GetBytes(Valid), out var second, shapes).ShouldBeNull();
        second[0].Schema.ShouldBeSameAs(first[0].Schema);
        second[1].Schema.ShouldNotBeSameAs(first[0].Schema);
    }

    [Fact]
    public void Fields_may_come_in_any_order_and_rows_come_out_in_time_order()
    {
        Read(Encoding.UTF8.GetBytes(Valid), out var submissions).ShouldBeNull();
        submissions.Select(submission => submission.Entity).ShouldBe(["web-1", "web-2"]);
        submissions[0].Rows.Select(row => row.T).ShouldBe([Now - 1000, Now]);
        submissions[0].Rows[0].Values.ShouldBe([-2500, 0]);
        submissions[1].Rows[0].T.ShouldBe(Now);
        submissions[0].CountSamples().ShouldBe(3);
    }

    [Fact]
    public void Foreign_text_in_a_field_path_is_shortened_and_cleaned()
    {
        var refusal = Read(Encoding.UTF8.GetBytes($$"""{"{{new string('x', 500)}}\n\u0000":1}"""), out _)!;
        refusal.Field.Length.ShouldBeLessThan(70);
        var forged = Read("""{"a\nb\"c":1}"""u8, out _)!;
        forged.Field.ShouldBe("$.a?b?c");
    }

    static void ShouldBeDecided(byte[] body)
    {
        var refusal = Read(body, out var submissions);
        if (refusal is null)
        {
            submissions.ShouldNotBeEmpty();
            submissions.ShouldAllBe(submission => submission.Rows.All(row => row.Values.Length == submission.Schema.Columns.Count));
            return;
        }
        submissions.ShouldBeEmpty();
        refusal.Status.ShouldBeInRange(400, 499);
        refusal.Field.ShouldStartWith("$");
        refusal.Reason.ShouldNotBeNullOrWhiteSpace();
        refusal.Field.ShouldAllBe(c => !char.IsControl(c));
    }
}
