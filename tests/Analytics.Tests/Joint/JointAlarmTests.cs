namespace Forewarn.Analytics.Tests.Joint;

public sealed class JointAlarmTests
{
    [Fact]
    public void Three_of_five_rows_beyond_raise_it_and_ordinary_ones_end_it()
    {
        var (alarm, random) = Learned();
        var t = 2000L;
        for (var i = 0; i < 300; i++)
            alarm.Take(60_000 * t++, random.NextGaussian()).ShouldBeFalse();
        bool[] raised = [.. Enumerable.Range(0, 4).Select(_ => alarm.Take(60_000 * t++, 30))];
        raised.ShouldBe([false, false, true, true]);
        bool[] after = [.. Enumerable.Range(0, 4).Select(_ => alarm.Take(60_000 * t++, 0))];
        after.ShouldBe([true, true, false, false]);
    }

    [Fact]
    public void A_checkpoint_continues_as_if_nothing_had_happened()
    {
        var (alarm, random) = Learned();
        alarm.Take(60_000 * 2000L, 30);
        alarm.Take(60_000 * 2001L, 30);
        var copy = JointSamples.Copy(alarm.Write, reader => JointAlarm.Read(reader, Ordinary()));
        for (var t = 2002; t < 2300; t++)
        {
            var score = t % 50 < 3 ? 20 : random.NextGaussian();
            copy.Take(60_000L * t, score).ShouldBe(alarm.Take(60_000L * t, score));
        }
        JointSamples.Bytes(copy.Write).ShouldBe(JointSamples.Bytes(alarm.Write));
    }

    static float[] Ordinary()
    {
        var random = new SeededRandom(3);
        return [.. Enumerable.Range(0, 2000).Select(_ => (float)random.NextGaussian())];
    }

    static (JointAlarm Alarm, SeededRandom Random) Learned()
    {
        var (alarm, ordinary) = (new JointAlarm(Ordinary()), Ordinary());
        for (var i = 0; i < ordinary.Length; i++)
            alarm.Learn(60_000L * i, ordinary[i]);
        return (alarm, new SeededRandom(9));
    }
}
