using System.Globalization;

namespace FinxFunctions.Finx;

/// <summary>
/// An error of finX, in any of its shapes: <c>{"error":{"code":1000,...}}</c>, RFC 6749's <c>{"error":"invalid_grant"}</c>,
/// or an older <c>{"error":{"code":null,"name":...}}</c>. Every field is optional. Descriptions are not kept: a bank's text may hold personal data.
/// </summary>
/// <param name="Code">finX's numeric code, such as 1004.</param>
/// <param name="Name">RFC 6749's error name, such as <c>invalid_grant</c>.</param>
/// <param name="Fields">The fields that finX found wrong, with its messages.</param>
public sealed record FinxError(int? Code, string? Name, IReadOnlyDictionary<string, string[]> Fields)
{
    private const int MostFields = 32;
    private const int MostMessages = 8;

    /// <summary>Reads an error body, each field for itself; null where it is not one. Never throws.</summary>
    public static FinxError? TryParse(ReadOnlyMemory<byte> body)
    {
        int? code = null;
        string? name = null;
        Dictionary<string, List<string>> fields = [];
        var isError = false;
        foreach (var scalar in new LenientJson(body).Scalars())
        {
            if (scalar is not { Path: ["error", .. var rest] })
            {
                continue;
            }

            isError |= scalar.Text is { Length: > 0 } || rest is not [];
            switch (rest)
            {
                case ["code"] when CodeOf(scalar.Text) is { } number:
                    code ??= number;
                    break;
                case [] or ["code" or "name"] when scalar is { IsString: true, Text: { Length: > 0 } text }:
                    name ??= text;
                    break;
                case ["data", var field, ..] when fields.ContainsKey(field) || fields.Count < MostFields:
                    AddTo(fields, field, scalar.Text);
                    break;
            }
        }

        return isError ? new FinxError(code, name, fields.ToDictionary(field => field.Key, field => field.Value.ToArray())) : null;
    }

    /// <summary>finX's code, as a number or as text.</summary>
    public static int? CodeOf(string? text) =>
        int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var code) ? code : null;

    private static void AddTo(Dictionary<string, List<string>> fields, string field, string? message)
    {
        if (!fields.TryGetValue(field, out var messages))
        {
            fields[field] = messages = [];
        }

        if (messages.Count < MostMessages)
        {
            messages.Add(message ?? "");
        }
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
