namespace Forewarn.Trainer;

/// <summary>
/// A kind of model: what differs between kinds, and nothing else. Rows, calibration, proof, manifest, store and registry
/// are the same for all, see <see cref="ModelMaker"/>.
/// </summary>
interface IModelRecipe
{
    /// <summary>Name in settings, requests and manifests: lower-case words joined by dashes.</summary>
    string Kind { get; }

    /// <summary>What the job does while it trains, as people read it.</summary>
    string Step(int rows);

    /// <summary>Trains. The same rows and settings give the same model, on any number of threads; several trainings may run at once.</summary>
    /// <param name="rows">Row-major, <see cref="Analytics.RowSpec.Count"/> wide, whole stretches in shuffled order.</param>
    /// <param name="progress">Told the share done, 0 to 1.</param>
    ITrainedScorer Train(float[] rows, Action<double> progress);
}

/// <summary>A model that was just trained, in C#.</summary>
interface ITrainedScorer
{
    /// <summary>Between 0 and 1, about 0.5 for an ordinary row, growing with strangeness. Thread-safe.</summary>
    float Score(ReadOnlySpan<float> row);

    /// <summary>What it was trained with, for manifest and card.</summary>
    IReadOnlyDictionary<string, double> Settings { get; }

    /// <summary>What a reader of the file alone should know of this kind.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Metadata { get; }

    /// <summary>The model as an ONNX file that scores as <see cref="Score"/> does.</summary>
    byte[] ToOnnx(IReadOnlyList<KeyValuePair<string, string>> metadata);
}
