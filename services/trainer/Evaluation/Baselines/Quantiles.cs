namespace Forewarn.Trainer;

/// <summary>Limits that a training part gives.</summary>
static class Quantiles
{
    /// <summary>What the baselines let pass: a thousandth of the training part lies beyond.</summary>
    public const double Limit = 0.999;

    public static double Of(IEnumerable<double> values, double share) => Analytics.Bootstrap.Quantile([.. values.Order()], share);
}
