using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using FinxFunctions.Finx;

namespace FinxFunctions.Tests.Composition;

/// <summary>A setting as its option class declares it.</summary>
/// <param name="Name">As an environment variable.</param>
/// <param name="Default">As people write it. <c>required</c> if there is none and the setting is required.</param>
internal sealed record Setting(string Name, string Default)
{
    /// <summary>The settings of every options class: a public class of src/FinxFunctions that names its section.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        .. from type in typeof(FinxOptions).Assembly.GetExportedTypes()
           let section = type.GetField("Section")?.GetRawConstantValue() as string
           where section is not null
           let options = Activator.CreateInstance(type)
           from property in type.GetProperties()
           select new Setting($"{section}__{property.Name}", DefaultOf(property, options)),
    ];

    private static string DefaultOf(PropertyInfo property, object options) => property.GetValue(options) switch
    {
        IEnumerable and not string => "required",
        null => property.GetCustomAttribute<RequiredAttribute>() is null ? "" : "required",
        bool flag => flag ? "true" : "false",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        var value => value.ToString()!,
    };
}
