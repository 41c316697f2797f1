namespace Forewarn.Launcher.Doctor;

enum Verdict
{
    Good,

    /// <summary>Not there, and nothing that runs now needs it.</summary>
    Optional,
    Missing,
}

/// <summary>One line of the doctor's table.</summary>
/// <param name="Remedy">What to do; shown unless all is good.</param>
sealed record Finding(string What, string Found, Verdict Verdict, string Remedy);
