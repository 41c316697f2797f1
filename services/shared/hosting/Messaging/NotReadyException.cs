namespace Forewarn.Hosting;

/// <summary>A delivery or request came before something it needs was there: no fault, trying again helps. The message says what is awaited.</summary>
public class NotReadyException(string message) : Exception(message);
