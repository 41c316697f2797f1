using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Forewarn.Hosting;

/// <summary>A setting cannot be used; the message names it, why, and what is allowed.</summary>
public sealed class OptionsException(string message) : Exception(message);

/// <summary>An options class and the configuration section it is read from.</summary>
public interface ISectionOptions
{
    /// <summary>Configuration section; as environment variable <c>SECTION__KEY</c>.</summary>
    static abstract string Section { get; }
}

public static class OptionsExtensions
{
    /// <summary>
    /// Binds, validates (all errors at once) and registers <typeparamref name="T"/>; returns it for use while registering.
    /// An unknown key in the section is an error too: a misspelt setting must not be silently ignored.
    /// </summary>
    /// <exception cref="OptionsException">A value is missing, unknown or out of range.</exception>
    public static T AddOptions<T>(this WebApplicationBuilder builder)
        where T : class, ISectionOptions, new()
    {
        var options = Read<T>(builder.Configuration);
        builder.Services.AddSingleton(options);
        return options;
    }

    /// <inheritdoc cref="AddOptions{T}"/>
    public static T Read<T>(IConfiguration configuration)
        where T : class, ISectionOptions, new()
    {
        var section = configuration.GetSection(T.Section);
        var options = new T();
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException invalid)
        {
            throw new OptionsException(Describe<T>(invalid));
        }
        var errors = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true))
            throw new OptionsException(string.Join(Environment.NewLine, errors.Select(error => Describe<T>(section, error))));
        return options;
    }

    /// <summary>The binder speaks of its own options and types; a person needs the section, the names and the value.</summary>
    static string Describe<T>(InvalidOperationException invalid)
        where T : ISectionOptions
    {
        const string unknown = "properties were not found";
        var names = invalid.Message.Contains(unknown, StringComparison.Ordinal) ? invalid.Message[(invalid.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..] : null;
        return names is null
            ? $"{T.Section.ToUpperInvariant()}__: {invalid.Message} {invalid.InnerException?.Message}"
            : $"{T.Section.ToUpperInvariant()}__ has no setting {names}; docs/config.md lists what there is.";
    }

    static string Describe<T>(IConfigurationSection section, ValidationResult error)
        where T : ISectionOptions
    {
        var member = error.MemberNames.FirstOrDefault() ?? "?";
        return $"{T.Section.ToUpperInvariant()}__{member.ToUpperInvariant().Replace(":", "__", StringComparison.Ordinal)} is '{section[member]}': {error.ErrorMessage}";
    }
}
