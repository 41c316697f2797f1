namespace Forewarn.Alerting.Routing;

/// <summary>A configuration file that cannot be used; the message has a line for each mistake.</summary>
public sealed class AlertConfigException(IReadOnlyList<string> mistakes) : Exception(string.Join('\n', mistakes))
{
    /// <summary>With name of the file, line, field and what is allowed; by line.</summary>
    public IReadOnlyList<string> Mistakes => mistakes;
}
