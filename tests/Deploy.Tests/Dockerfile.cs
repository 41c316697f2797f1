namespace Forewarn.Deploy.Tests;

/// <summary>The stages of the Dockerfile and what they say.</summary>
sealed record Dockerfile(IReadOnlyList<Dockerfile.Stage> Stages)
{
    public Stage this[string name] => Stages.Single(stage => stage.Name == name);

    public static Dockerfile Load()
    {
        var stages = new List<Stage>();
        foreach (var (instruction, rest) in Instructions())
        {
            if (instruction == "FROM")
            {
                var words = rest.Split(' ');
                stages.Add(new Stage(words[2], words[0], []));
                continue;
            }
            stages[^1].Steps.Add((instruction, rest));
        }
        return new Dockerfile(stages);
    }

    static IEnumerable<(string Instruction, string Text)> Instructions()
    {
        var line = "";
        foreach (var part in File.ReadLines(Path.Combine(Checkout.Root, "Dockerfile")).Where(part => !part.StartsWith('#')))
        {
            line += part.TrimEnd('\\');
            if (part.EndsWith('\\'))
                continue;
            if (line.Trim() is { Length: > 0 } whole && whole.Split(' ', 2) is [var instruction, var rest])
                yield return (instruction, rest);
            line = "";
        }
    }

    /// <param name="Name">After <c>AS</c>.</param>
    /// <param name="Base">Image, or an earlier stage.</param>
    public sealed record Stage(string Name, string Base, List<(string Instruction, string Text)> Steps)
    {
        public IEnumerable<string> All(string instruction) => Steps.Where(step => step.Instruction == instruction).Select(step => step.Text);
    }
}
