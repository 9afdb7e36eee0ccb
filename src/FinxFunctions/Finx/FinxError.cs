using System.Text.Json;

namespace FinxFunctions.Finx;

/// <summary>
/// An error of finX, in any of its shapes: <c>{"error":{"code":1000,...}}</c>, RFC 6749's <c>{"error":"invalid_grant"}</c>,
/// or an older <c>{"error":{"code":null,"name":...}}</c>. Every field is optional. Descriptions are not read: a bank's text may hold personal data.
/// </summary>
/// <param name="Code">finX's numeric code, such as 1004.</param>
/// <param name="Name">RFC 6749's error name, such as <c>invalid_grant</c>.</param>
/// <param name="Fields">The fields that finX found wrong, with its messages.</param>
public sealed record FinxError(int? Code, string? Name, IReadOnlyDictionary<string, string[]> Fields)
{
    private static readonly Dictionary<string, string[]> NoFields = [];

    /// <summary>Reads an error body; null where it is not one.</summary>
    public static FinxError? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("error", out var error))
            {
                return null;
            }

            return error.ValueKind switch
            {
                JsonValueKind.String => new FinxError(null, error.GetString(), NoFields),
                JsonValueKind.Object => new FinxError(CodeOf(error), NameOf(error), FieldsOf(error)),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static int? CodeOf(JsonElement error) =>
        error.TryGetProperty("code", out var code) && code.ValueKind is JsonValueKind.Number && code.TryGetInt32(out var value) ? value : null;

    private static string? NameOf(JsonElement error) =>
        error.TryGetProperty("name", out var name) && name.ValueKind is JsonValueKind.String ? name.GetString() : null;

    private static Dictionary<string, string[]> FieldsOf(JsonElement error)
    {
        if (!error.TryGetProperty("data", out var data) || data.ValueKind is not JsonValueKind.Object)
        {
            return NoFields;
        }

        var fields = new Dictionary<string, string[]>();
        foreach (var field in data.EnumerateObject())
        {
            fields[field.Name] = field.Value.ValueKind switch
            {
                JsonValueKind.Array => [.. field.Value.EnumerateArray().Select(message => message.ToString())],
                _ => [field.Value.ToString()],
            };
        }

        return fields;
    }

    public override string ToString() => (Code, Name) switch
    {
        ({ } code, _) => $"finX error {code}",
        (null, { } name) => $"finX error {Printable(name)}",
        _ => "finX error without a code",
    };

    private static string Printable(string name) =>
        name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? name : "of an unknown name";
}
