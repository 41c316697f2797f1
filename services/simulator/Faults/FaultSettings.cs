using System.Globalization;

namespace Forewarn.Simulator;

/// <summary>Something about a fault that can be set: <c>--with NAME=VALUE</c>.</summary>
/// <param name="Description">With its unit.</param>
sealed record FaultParameter(string Name, string Description, double Default, double Least, double Most);

/// <summary>Values of a fault's parameters.</summary>
sealed class FaultSettings
{
    readonly Dictionary<string, double> _values;

    FaultSettings(Dictionary<string, double> values) => _values = values;

    /// <exception cref="KeyNotFoundException">The fault has no such parameter: a mistake in the catalogue.</exception>
    public double this[string parameter] => _values[parameter];

    public static FaultSettings Defaults(Fault fault) =>
        new(fault.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Default, StringComparer.Ordinal));

    /// <summary>The settings with one changed.</summary>
    /// <param name="text">A number as people write it, with a point.</param>
    /// <param name="error">What is wrong with it; null when it was taken.</param>
    public FaultSettings With(Fault fault, string name, string? text, out string? error)
    {
        var parameter = fault.Parameters.FirstOrDefault(known => known.Name == name);
        error = parameter is null ? $"{fault.Name} has no parameter '{name}'. It has: {Known(fault)}"
            : !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !(value >= parameter.Least && value <= parameter.Most)
                ? string.Create(CultureInfo.InvariantCulture, $"{name} of {fault.Name} must be a number from {parameter.Least} to {parameter.Most}, not '{text}'")
            : null;
        return error is null ? new(new(_values, StringComparer.Ordinal) { [name] = double.Parse(text!, CultureInfo.InvariantCulture) }) : this;
    }

    static string Known(Fault fault) => fault.Parameters.Count == 0 ? "none" : string.Join(", ", fault.Parameters.Select(parameter => parameter.Name));
}
