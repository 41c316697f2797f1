using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Forewarn.Launcher.Docs;

/// <summary>The summaries that a compiler wrote beside an assembly, as plain text.</summary>
sealed class XmlDocs
{
    readonly Dictionary<string, string> _summaries;

    XmlDocs(Dictionary<string, string> summaries) => _summaries = summaries;

    /// <summary>Empty when there is no documentation file.</summary>
    public static XmlDocs Beside(string assembly)
    {
        var path = Path.ChangeExtension(assembly, ".xml");
        if (!File.Exists(path))
            return new XmlDocs([]);
        var members = XDocument.Load(path).Descendants("member")
            .Where(member => member.Attribute("name") is not null && member.Element("summary") is not null);
        return new XmlDocs(members.ToDictionary(member => member.Attribute("name")!.Value, member => Plain(member.Element("summary")!), StringComparer.Ordinal));
    }

    public string Of(Type type) => _summaries.GetValueOrDefault("T:" + Name(type), "");

    public string Of(PropertyInfo property) => _summaries.GetValueOrDefault($"P:{Name(property.DeclaringType!)}.{property.Name}", "");

    static string Name(Type type) => type.FullName!.Replace('+', '.');

    /// <summary>Tags become what a reader of Markdown expects, and lines become one.</summary>
    internal static string Plain(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" or "seealso" or "paramref" } link => Target(link),
                XElement other => Plain(other),
                _ => "",
            });
        }
        return Regex.Replace(text.ToString(), @"\s+", " ", RegexOptions.None, TimeSpan.FromSeconds(1)).Trim();
    }

    static string Target(XElement link)
    {
        if (link.Attribute("cref") is { } cref)
            return $"`{cref.Value.Split('.')[^1]}`";
        return (link.Attribute("langword") ?? link.Attribute("name") ?? link.Attribute("href"))?.Value ?? link.Value;
    }
}
