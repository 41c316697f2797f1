namespace Forewarn.Trainer;

/// <summary>The evaluation cannot be done as asked; the message says what, why and what to do.</summary>
sealed class EvaluationException(string message, Exception? inner = null) : Exception(message, inner);
