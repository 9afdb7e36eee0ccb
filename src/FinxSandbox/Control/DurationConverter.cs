using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace FinxSandbox.Control;

/// <summary>A duration as seconds (<c>90</c>), ISO 8601 (<c>"PT1M30S"</c>) or .NET's form (<c>"00:01:30"</c>); written as ISO 8601.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.Number)
            return TimeSpan.FromSeconds(reader.GetDouble());

        var text = reader.GetString() ?? "";
        try
        {
            return text.Contains('P', StringComparison.Ordinal) ? XmlConvert.ToTimeSpan(text) : TimeSpan.Parse(text, CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is FormatException or OverflowException)
        {
            throw new JsonException($"'{text}' is not a duration: write seconds, \"PT1M30S\" or \"00:01:30\".", fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteStringValue(XmlConvert.ToString(value));
}
