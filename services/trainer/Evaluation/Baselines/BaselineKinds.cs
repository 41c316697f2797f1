namespace Forewarn.Trainer;

/// <summary>What <c>evaluate --baseline</c> measures side by side.</summary>
static class BaselineKinds
{
    public static IReadOnlyList<EvaluatedKind> All { get; } =
    [
        new("isolation-forest", "Isolation Forest on raw metrics, 100 trees of 256", shape => new PlainForest(shape)),
        new("windowed-gaussian", "NAB's windowed Gaussian; of several metrics the farthest", shape => new WindowedGaussian(shape)),
        new("static-threshold", "fixed limits: the outermost thousandth of training; on NAB three sigma of the probation", shape => new StaticThreshold(shape)),
        new("k-means-consensus", "Netdata's way: two-means models that must all agree, share of metrics", shape => new KMeansConsensus(shape)),
        new("pca-residual", "squared prediction error of principal components; of one metric its last ten values", shape => new PcaResidual(shape)),
    ];
}
