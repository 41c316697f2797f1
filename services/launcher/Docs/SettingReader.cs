using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Forewarn.Launcher.Docs;

/// <summary>Reads the settings of one options object: names, types, defaults and ranges, nested objects and lists included.</summary>
static class SettingReader
{
    public static IEnumerable<Setting> Read(Type type, object? defaults, string prefix, XmlDocs docs)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            var variable = $"{prefix}__{property.Name.ToUpperInvariant()}";
            var value = defaults is null ? null : property.GetValue(defaults);
            var kind = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (TypeName(kind) is { } name)
            {
                yield return new Setting(variable, name, Format(value), RangeOf(property), docs.Of(property));
                continue;
            }
            foreach (var nested in ReadNested(property, kind, value, variable, docs))
                yield return nested;
        }
    }

    static IEnumerable<Setting> ReadNested(PropertyInfo property, Type kind, object? value, string variable, XmlDocs docs)
    {
        if (ValueOfDictionary(kind) is { } entry)
            return ReadElement(property, entry, value, variable + "__NAME", docs);
        if (ElementOfList(kind) is { } element)
            return ReadElement(property, element, value, variable + "__0", docs);
        return Read(kind, value ?? TryCreate(kind), variable, docs);
    }

    static IEnumerable<Setting> ReadElement(PropertyInfo property, Type element, object? value, string variable, XmlDocs docs)
    {
        if (TypeName(Nullable.GetUnderlyingType(element) ?? element) is { } name)
            return [new Setting(variable, $"list of {name}", Format(value), RangeOf(property), docs.Of(property))];
        var head = docs.Of(property);
        return Read(element, TryCreate(element), variable, docs)
            .Select((setting, index) => index == 0 && head.Length > 0 ? setting with { Description = $"{head} {setting.Description}".Trim() } : setting);
    }

    /// <summary>Null for what is not one value.</summary>
    static string? TypeName(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(byte) || type == typeof(uint) || type == typeof(ulong) => "whole number",
        _ when type == typeof(double) || type == typeof(float) || type == typeof(decimal) => "number",
        _ when type == typeof(TimeSpan) => "duration (d.hh:mm:ss)",
        _ when type == typeof(string) => "text",
        _ when type == typeof(Uri) => "address",
        { IsEnum: true } => "one of " + string.Join(", ", Enum.GetNames(type)),
        _ => null,
    };

    static string RangeOf(PropertyInfo property)
    {
        var rules = property.GetCustomAttributes().Select(attribute => attribute switch
        {
            RangeAttribute range => $"{Format(range.Minimum)} to {Format(range.Maximum)}",
            StringLengthAttribute length => FormattableString.Invariant($"{length.MinimumLength} to {length.MaximumLength} characters"),
            MinLengthAttribute least => FormattableString.Invariant($"at least {least.Length}"),
            MaxLengthAttribute most => FormattableString.Invariant($"at most {most.Length}"),
            AllowedValuesAttribute allowed => string.Join(", ", allowed.Values.Select(Format)),
            RegularExpressionAttribute pattern => $"`{pattern.Pattern}`",
            RequiredAttribute => "must be set",
            _ => null,
        });
        return string.Join("; ", rules.OfType<string>());
    }

    static string Format(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        string text => text,
        TimeSpan span => span.ToString("c", CultureInfo.InvariantCulture),
        IDictionary { Count: 0 } => "",
        IEnumerable items => string.Join(",", items.Cast<object?>().Select(Format)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    static Type? ElementOfList(Type type) =>
        type.IsArray ? type.GetElementType() : Interfaces(type).FirstOrDefault(one => one.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    static Type? ValueOfDictionary(Type type) =>
        Interfaces(type).FirstOrDefault(one => one.GetGenericTypeDefinition() == typeof(IDictionary<,>) || one.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))?.GetGenericArguments()[1];

    static IEnumerable<Type> Interfaces(Type type) => type.GetInterfaces().Append(type).Where(one => one is { IsInterface: true, IsGenericType: true });

    static object? TryCreate(Type type)
    {
        try
        {
            return type.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(type);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }
}
