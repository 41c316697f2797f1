namespace Forewarn.Analytics.Tests.Features;

public sealed class UnitTraitsTests
{
    [Theory]
    [InlineData("1", Transform.Identity)]
    [InlineData("%", Transform.Identity)]
    [InlineData("Cel", Transform.Identity)]
    [InlineData("", Transform.Identity)]
    [InlineData("By", Transform.Log1p)]
    [InlineData("By/s", Transform.Log1p)]
    [InlineData("{operation}/s", Transform.Log1p)]
    [InlineData("{thread}", Transform.Log1p)]
    [InlineData("1/s", Transform.Log1p)]
    [InlineData("s", Transform.Log1p)]
    [InlineData("ms", Transform.Log1p)]
    public void The_unit_decides_the_transform(string unit, Transform expected) => UnitTraits.TransformFor(unit).ShouldBe(expected);

    [Theory]
    [InlineData("system.memory.utilization", "1", null, 1.0)]
    [InlineData("system.filesystem.utilization", "%", null, 100.0)]
    [InlineData("system.memory.usage", "By", null, null)]
    [InlineData("system.load", "1", null, null)]
    [InlineData("system.memory.utilization", "1", "used", 1.0)]
    [InlineData("system.cpu.utilization", "1", "user", null)]
    [InlineData("system.memory.utilization", "1", "free", null)]
    public void Only_a_utilization_that_hurts_has_a_limit(string name, string unit, string? state, double? expected) =>
        UnitTraits.LimitFor(name, unit, state).ShouldBe(expected);

    [Theory]
    [InlineData("s", 0.02)]
    [InlineData("ms", 20)]
    [InlineData("us", 20_000)]
    public void The_same_duration_looks_the_same_in_every_unit(string unit, double value) =>
        new ValueTransform(UnitTraits.TransformFor(unit), UnitTraits.ReferenceFor(unit)).Forward(value).ShouldBe(Math.Log(21), 1e-9);

    [Fact]
    public void A_transform_undoes_itself()
    {
        var transform = new ValueTransform(Transform.Log1p, 4096);
        foreach (var value in new[] { 0, 1, -5e3, 1e9, -1e12 })
        {
            transform.Inverse(transform.Forward(value)).ShouldBe(value, 1e-9 * Math.Max(1, Math.Abs(value)));
        }
    }
}
