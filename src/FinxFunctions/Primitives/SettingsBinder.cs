using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;

namespace FinxFunctions.Primitives;

/// <summary>
/// Binds a section of settings to its options. A value of the wrong type becomes a validation failure, so that the start reports it together
/// with all other invalid settings. The framework's own binding stops at the first such value, with a stack trace.
/// </summary>
public sealed partial class SettingsBinder<TOptions>(IConfigurationSection section, Action<IConfiguration, TOptions> bind) : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    private IReadOnlyList<string> _failures = [];

    /// <summary>Binds every value that can be read.</summary>
    public void Configure(TOptions options)
    {
        List<string> failures = [];
        for (var readable = section; !TryBind(readable, options, out var path); readable = Without(readable, path))
        {
            failures.Add($"{path.Replace(":", "__", StringComparison.Ordinal)}: '{readable[path[(section.Path.Length + 1)..]]}' is not {Expected(path)}.");
        }

        _failures = failures;
    }

    /// <summary>Reports the values that could not be bound.</summary>
    public ValidateOptionsResult Validate(string? name, TOptions options) => _failures.Count > 0 ? ValidateOptionsResult.Fail(_failures) : ValidateOptionsResult.Success;

    private bool TryBind(IConfigurationSection readable, TOptions options, out string path)
    {
        path = "";
        try
        {
            bind(readable, options);
            return true;
        }
        catch (InvalidOperationException exception) when (PathOf(exception) is { } wrong && wrong.StartsWith($"{section.Path}:", StringComparison.OrdinalIgnoreCase))
        {
            path = wrong;
            return false;
        }
    }

    private IConfigurationSection Without(IConfigurationSection settings, string path) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.AsEnumerable().Where(setting => !setting.Key.Equals(path, StringComparison.OrdinalIgnoreCase)))
        .Build()
        .GetSection(section.Path);

    private static string Expected(string path)
    {
        var property = typeof(TOptions).GetProperty(path.Split(':')[1], BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType;
        var type = property is { IsGenericType: true } && property.IsAssignableTo(typeof(IEnumerable)) ? property.GenericTypeArguments[0] : property;
        return type switch
        {
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
            _ when type == typeof(int) => "a whole number",
            _ when type == typeof(double) => "a number, such as 0.5",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(TimeSpan) => "a duration, such as 00:01:30 or 90.00:00:00",
            _ when type == typeof(Uri) => "an address",
            _ => $"a {type?.Name}",
        };
    }

    // The exception has the path nowhere but in its message.
    private static string? PathOf(InvalidOperationException exception) => ConversionFailure().Match(exception.Message) is { Success: true } match ? match.Groups["path"].Value : null;

    [GeneratedRegex(@" at '(?<path>\w+(:\w+)+)' to type '")]
    private static partial Regex ConversionFailure();
}
