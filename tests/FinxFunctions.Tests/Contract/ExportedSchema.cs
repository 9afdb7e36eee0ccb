using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FinxFunctions.Http;
using FinxFunctions.Primitives;

namespace FinxFunctions.Tests.Contract;

/// <summary>The schemas of the contract's own types, as System.Text.Json exports them, with the rules of their validation attributes.</summary>
internal static class ExportedSchema
{
    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    /// <summary>The JSON contexts whose types are not part of this contract: finX's bodies and the values of Key Vault.</summary>
    private static readonly string[] OtherRooms = ["Finx", "KeyVault", "Rotation", "State"];

    /// <summary>The types that the rooms serialize or deserialize for callers, by name.</summary>
    public static IReadOnlyDictionary<string, JsonTypeInfo> Types { get; } = (
        from context in typeof(Problems).Assembly.GetExportedTypes()
        where context.IsSubclassOf(typeof(JsonSerializerContext)) && !OtherRooms.Contains(context.Namespace!.Split('.')[^1])
        from serializable in context.GetCustomAttributesData()
        where serializable.AttributeType == typeof(JsonSerializableAttribute)
        let type = (Type)serializable.ConstructorArguments[0].Value!
        select (type.Name, Info: OptionsOf(context).GetTypeInfo(type))).ToDictionary(type => type.Name, type => type.Info);

    public static JsonObject Of(JsonTypeInfo type) => type.GetJsonSchemaAsNode(Exporter).AsObject();

    /// <summary>As the app uses the context, but with the constructor parameters of an answer as required members: the app always writes them.</summary>
    private static JsonSerializerOptions OptionsOf(Type context)
    {
        var instance = (JsonSerializerContext)context.GetProperty("Default", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
        return new JsonSerializerOptions(instance.Options) { RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };
    }

    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode exported)
    {
        if (context.TypeInfo.Type == typeof(Secret))
        {
            return new JsonObject { ["type"] = "string" };
        }

        if (exported is not JsonObject schema)
        {
            return exported;
        }

        if (context.TypeInfo.Kind is JsonTypeInfoKind.Object && context.TypeInfo.Properties.Where(property => Rules(property).OfType<RequiredAttribute>().Any()).ToList() is { Count: > 0 } required)
        {
            schema["required"] = new JsonArray([.. required.Select(property => (JsonNode)property.Name)]);
        }

        foreach (var rule in Rules(context.PropertyInfo))
        {
            Add(rule, schema);
        }

        return schema;
    }

    private static void Add(ValidationAttribute rule, JsonObject schema)
    {
        switch (rule)
        {
            case RequiredAttribute:
                schema["type"] = schema["type"] is JsonArray types ? types.Single(type => type!.GetValue<string>() != "null")!.DeepClone() : schema["type"]!.DeepClone();
                break;
            case TextAttribute { Pattern: { } pattern }:
                (schema["items"] ?? schema)["pattern"] = pattern;
                break;
            case TextAttribute text:
                (schema["items"] ?? schema)["minLength"] = text.Minimum;
                (schema["items"] ?? schema)["maxLength"] = text.Maximum;
                break;
            case RangeAttribute range:
                (schema["minimum"], schema["maximum"]) = ((int)range.Minimum, (int)range.Maximum);
                break;
            case MaxLengthAttribute length:
                schema["maxItems"] = length.Length;
                break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = new JsonArray([.. allowed.Values.Select(value => (JsonNode?)(string?)value)]);
                break;
        }
    }

    private static IEnumerable<ValidationAttribute> Rules(JsonPropertyInfo? property) =>
        property?.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>() ?? [];
}
