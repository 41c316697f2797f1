namespace Forewarn.Simulator;

/// <summary>Families of strength over time, 0 to 1. Each names the parameter that it reads.</summary>
static class Shapes
{
    public static readonly FaultParameter Ramp = new("ramp", "seconds until it is at full strength", 0, 0, 3600);
    public static readonly FaultParameter Growth = new("growth", "share of its duration after which it is at full strength", 0.95, 0.05, 1);
    public static readonly FaultParameter Period = new("period", "seconds from one bad time to the next", 20, 2, 3600);
    public static readonly FaultParameter Duty = new("duty", "share of the period that is bad", 0.5, 0.05, 0.95);

    /// <summary>There at once.</summary>
    public static double Constant(FaultSettings settings, FaultMoment moment) => 1;

    /// <summary>There within some seconds, then constant.</summary>
    public static double Step(FaultSettings settings, FaultMoment moment) =>
        settings[Ramp.Name] is var ramp && ramp > 0 ? Math.Min(1, (moment.Seconds + 1) / ramp) : 1;

    /// <summary>Grows steadily, then stays.</summary>
    public static double Growing(FaultSettings settings, FaultMoment moment) => Math.Min(1, moment.Progress / settings[Growth.Name]);

    /// <summary>Grows slowly first and ever faster, then stays.</summary>
    public static double Creeping(FaultSettings settings, FaultMoment moment) => Math.Pow(Growing(settings, moment), 1.5);

    /// <summary>Three waves over its time between two thirds of full strength and all of it.</summary>
    public static double Waves(FaultSettings settings, FaultMoment moment) =>
        (5 + Math.Sin(2 * Math.PI * 3 * moment.Progress)) / 6;

    /// <summary>On and off, on first.</summary>
    public static double Flapping(FaultSettings settings, FaultMoment moment) =>
        moment.Seconds % settings[Period.Name] < settings[Period.Name] * settings[Duty.Name] ? 1 : 0;
}
