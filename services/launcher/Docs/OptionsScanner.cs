using System.Reflection;
using System.Runtime.Loader;

namespace Forewarn.Launcher.Docs;

/// <summary>
/// Finds the options classes of built services by the name of their interface: the launcher references no service, and an
/// assembly says what its settings are better than a list kept by hand.
/// </summary>
static class OptionsScanner
{
    const string Marker = "ISectionOptions";

    /// <summary>Groups of every service that has options, by folder name.</summary>
    /// <exception cref="LauncherException">A service is not built.</exception>
    public static IReadOnlyList<SettingGroup> Scan(Checkout checkout)
    {
        var groups = new List<SettingGroup>();
        var shared = new SortedDictionary<string, SettingGroup>(StringComparer.Ordinal);
        var projects = Directory.EnumerateDirectories(Path.Combine(checkout.Root, "services"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj")).Order(StringComparer.Ordinal);
        foreach (var project in projects)
        {
            var name = Path.GetFileNameWithoutExtension(project);
            var assembly = Path.Combine(checkout.Output(name), $"Forewarn.{name}.dll");
            if (!File.Exists(assembly))
                throw new LauncherException($"{assembly} is missing: start through ./forewarn, which builds it.", ExitCodes.Missing);
            var context = new ServiceLoadContext(assembly);
            groups.AddRange(Scan(context, assembly, $"services/{Path.GetFileName(Path.GetDirectoryName(project))}"));
            foreach (var common in SharedAssemblies(checkout, Path.GetDirectoryName(assembly)!))
            {
                foreach (var group in Scan(context, common, "every service"))
                    shared[group.Title] = group;
            }
        }
        return [.. shared.Values, .. groups];
    }

    internal static IEnumerable<SettingGroup> ScanAssembly(string path, string service) => Scan(new ServiceLoadContext(path), path, $"services/{service}");

    /// <summary>The libraries below services/shared, as they lie beside a service that uses them.</summary>
    static IEnumerable<string> SharedAssemblies(Checkout checkout, string output)
    {
        var folder = Path.Combine(checkout.Root, "services", "shared");
        return !Directory.Exists(folder)
            ? []
            : Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories)
                .Select(project => Path.Combine(output, $"Forewarn.{Path.GetFileNameWithoutExtension(project)}.dll")).Where(File.Exists).Order(StringComparer.Ordinal);
    }

    static IEnumerable<SettingGroup> Scan(ServiceLoadContext context, string path, string reader)
    {
        var docs = XmlDocs.Beside(path);
        var types = context.LoadFromAssemblyPath(path).GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.GetInterfaces().Any(one => one.Name == Marker))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);
        foreach (var type in types)
        {
            var section = (string)type.GetProperty("Section", BindingFlags.Public | BindingFlags.Static | BindingFlags.FlattenHierarchy)!.GetValue(null)!;
            var prefix = section.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant();
            var settings = SettingReader.Read(type, Activator.CreateInstance(type)!, prefix, docs).ToList();
            if (settings.Count > 0)
                yield return new SettingGroup(section, reader, docs.Of(type), settings);
        }
    }

    /// <summary>Each service has its own versions of what it references.</summary>
    sealed class ServiceLoadContext(string assembly) : AssemblyLoadContext(isCollectible: false)
    {
        readonly AssemblyDependencyResolver _resolver = new(assembly);

        protected override Assembly? Load(AssemblyName assemblyName) =>
            _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
