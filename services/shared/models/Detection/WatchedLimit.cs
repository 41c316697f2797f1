using Forewarn.Analytics;

namespace Forewarn.Models;

/// <summary>A series that has a limit, and the breach that is predicted of it.</summary>
sealed class WatchedLimit(double limit, BreachForecaster forecaster)
{
    public double Limit { get; } = limit;
    public BreachForecaster Forecaster { get; } = forecaster;
    public string Id { get; set; } = "";
    public int Column { get; set; }

    /// <summary>The alarm that stands was raised before the limit was reached.</summary>
    public bool IsPredicted { get; private set; }

    /// <summary>When it was raised, event time.</summary>
    public long Since { get; private set; }

    /// <summary>Somebody has heard of it: its end is worth a word, too.</summary>
    public bool IsTold { get; set; }

    /// <summary>It has come true, and that was told.</summary>
    public bool IsReached { get; set; }

    public void Predict(long t) => (IsPredicted, Since, IsTold, IsReached) = (true, t, false, false);

    public void End() => (IsPredicted, IsTold, IsReached) = (false, false, false);

    public void Write(BinaryWriter writer)
    {
        writer.Write(Limit);
        writer.Write(IsPredicted);
        writer.Write(Since);
        writer.Write(IsTold);
        writer.Write(IsReached);
        Forecaster.Write(writer);
    }

    /// <param name="reader">Where <see cref="Write"/> wrote.</param>
    /// <param name="withOutcome">False for checkpoints from before outcomes were told: what stood then counts as told.</param>
    public static WatchedLimit Read(BinaryReader reader, bool withOutcome)
    {
        var (limit, predicted, since) = (reader.ReadDouble(), reader.ReadBoolean(), reader.ReadInt64());
        var (told, reached) = withOutcome ? (reader.ReadBoolean(), reader.ReadBoolean()) : (predicted, false);
        return new WatchedLimit(limit, BreachForecaster.Read(reader)) { IsPredicted = predicted, Since = since, IsTold = told, IsReached = reached };
    }
}
