namespace Forewarn.Launcher.Doctor;

/// <summary>Whether a folder can be written, found out by writing.</summary>
static class WriteAccess
{
    public static Finding Check(string what, string folder, string remedy)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, Path.GetRandomFileName());
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return new Finding(what, folder, Verdict.Good, "");
        }
        catch (Exception unable) when (unable is IOException or UnauthorizedAccessException)
        {
            return new Finding(what, $"{folder} cannot be written", Verdict.Missing, remedy);
        }
    }
}
