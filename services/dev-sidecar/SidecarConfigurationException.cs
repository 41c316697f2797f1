namespace DevSidecar;

/// <summary>Something in the resources or the options is wrong; the message says what, where, and what to do.</summary>
public sealed class SidecarConfigurationException : Exception
{
    public SidecarConfigurationException()
    {
    }

    public SidecarConfigurationException(string message)
        : base(message)
    {
    }

    public SidecarConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
