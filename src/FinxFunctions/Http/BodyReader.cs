using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FinxFunctions.Http;

/// <summary>
/// Reads a JSON object into a body record and checks each field by its validation attributes. System.Text.Json stops at the first error; a
/// caller gets all errors at once, so each field is deserialized on its own.
/// </summary>
public sealed class BodyReader(FieldErrors errors)
{
    private const int MaximumName = 64;

    private static readonly ConcurrentDictionary<JsonPropertyInfo, ValidationAttribute[]> Rules = new();

    /// <summary>Reads the fields that the record declares. A field that it does not declare is an error.</summary>
    /// <param name="type">A source-generated record without constructor parameters; its properties can be set.</param>
    /// <param name="path">The path of the object, with a dot at its end; empty for the body itself.</param>
    public object Read(JsonElement json, JsonTypeInfo type, string path = "")
    {
        var body = type.CreateObject!();
        foreach (var property in type.Properties)
        {
            var field = path + property.Name;
            if (!json.TryGetProperty(property.Name, out var value) || value.ValueKind is JsonValueKind.Null)
            {
                if (RulesOf(property).OfType<RequiredAttribute>().Any())
                {
                    errors.Add(field, "Is required.");
                }
            }
            else if (Value(value, property.Options.GetTypeInfo(property.PropertyType), field) is { } read)
            {
                property.Set!(body, read);
                Validate(property, read, field);
            }
        }

        foreach (var unknown in json.EnumerateObject().Where(member => type.Properties.All(property => property.Name != member.Name)))
        {
            errors.Add(path + Printable(unknown.Name), "Is not known.");
        }

        return body;
    }

    private object? Value(JsonElement json, JsonTypeInfo type, string field)
    {
        if (type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item } && type.Options.GetTypeInfo(item) is { Kind: JsonTypeInfoKind.Object } itemType && json.ValueKind is JsonValueKind.Array)
        {
            return Items(json, type, itemType, field);
        }

        try
        {
            return json.Deserialize(type);
        }
        catch (JsonException)
        {
            errors.Add(field, Expected(type));
            return null;
        }
    }

    private IList Items(JsonElement json, JsonTypeInfo type, JsonTypeInfo itemType, string field)
    {
        var items = (IList)type.CreateObject!();
        foreach (var (index, item) in json.EnumerateArray().Index())
        {
            if (item.ValueKind is JsonValueKind.Object)
            {
                items.Add(Read(item, itemType, $"{field}[{index}]."));
            }
            else
            {
                errors.Add($"{field}[{index}]", "Must be an object.");
            }
        }

        return items;
    }

    private void Validate(JsonPropertyInfo property, object value, string field)
    {
        foreach (var rule in RulesOf(property).Where(rule => rule is not RequiredAttribute && !rule.IsValid(value)))
        {
            errors.Add(field, rule.FormatErrorMessage(property.Name));
        }
    }

    private static ValidationAttribute[] RulesOf(JsonPropertyInfo property) => Rules.GetOrAdd(
        property,
        property => [.. property.AttributeProvider!.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()]);

    private static string Expected(JsonTypeInfo type) => (Nullable.GetUnderlyingType(type.Type) ?? type.Type) switch
    {
        var t when t == typeof(string) => "Must be a text, in valid Unicode.",
        var t when t == typeof(int) => "Must be a whole number of 32 bits.",
        var t when t == typeof(bool) => "Must be true or false.",
        var t when t == typeof(Guid) => "Must be a UUID of 36 characters.",
        _ when type is { Kind: JsonTypeInfoKind.Enumerable, ElementType: var item } => item == typeof(string) ? "Must be a list of texts." : "Must be a list of objects.",
        _ => "Has the wrong type.",
    };

    private static string Printable(string name) => new([.. name.Take(MaximumName).Select(c => char.IsControl(c) ? '?' : c)]);
}
