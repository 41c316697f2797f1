namespace Forewarn.Trainer;

/// <summary>What a detector costs on one stream, measured with nothing else running in this process.</summary>
/// <param name="MicrosecondsPerPoint">Median over stretches of rows.</param>
/// <param name="BytesPerSeries">Managed memory that a fitted detector holds, by metric.</param>
readonly record struct Cost(double MicrosecondsPerPoint, double BytesPerSeries)
{
    const int Stretch = 200;
    const int Stretches = 20;

    public static Cost Of(EvaluatedKind kind, LabelledStream stream, TimeProvider time)
    {
        var test = stream.Test;
        var before = Held();
        var detector = kind.Create(new StreamShape(test.Columns, stream.CadenceMs, stream.Probation));
        try
        {
            detector.Fit(stream.Training);
            // Behind the probation, where detectors that learn first have begun to score.
            var first = Math.Min(stream.Probation, Math.Max(0, test.Count - Stretch));
            for (var i = 0; i < first; i++)
                detector.Take(test.Times[i], test.Row(i), []);
            var samples = new List<double>(Stretches);
            for (var at = first; at + Stretch <= test.Count && samples.Count < Stretches; at += Stretch)
            {
                var started = time.GetTimestamp();
                for (var i = at; i < at + Stretch; i++)
                    detector.Take(test.Times[i], test.Row(i), []);
                samples.Add(time.GetElapsedTime(started).TotalMicroseconds / Stretch);
            }
            var held = Held() - before;
            GC.KeepAlive(detector);
            return new Cost(Quantiles.Of(samples, 0.5), Math.Max(0, held) / (double)test.Columns);
        }
        finally
        {
            (detector as IDisposable)?.Dispose();
        }
    }

    /// <summary>What earlier detectors left behind waits for its finalizers; counted as held before, its end would look like less than nothing held.</summary>
    static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
