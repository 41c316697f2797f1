namespace Forewarn.Models;

/// <summary>A model file cannot be used; the message says why and what to do. Trying again with the same file is useless.</summary>
public sealed class ModelRefusedException : Exception
{
    public ModelRefusedException(string reason)
        : base(reason)
    {
    }

    public ModelRefusedException(string reason, Exception cause)
        : base(reason, cause)
    {
    }
}
