using Forewarn.Hosting;

namespace Forewarn.Alerting.Routing;

/// <summary>Reads how many notifications about normal behaviour are accepted.</summary>
static class BudgetReader
{
    const double MostPerWeek = 10_000;

    public static Budget Read(YamlMap node)
    {
        var budget = new Budget(ConfigNames.Own(node), node.Positive("perWeek", MostPerWeek) ?? 1, MatchReader.Read(node.Map("match"), ofEntities: true));
        if (!node.Has("perWeek"))
            node.Mistake("perWeek", "is missing");
        node.RefuseOthers();
        return budget;
    }
}
