using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinxSandbox.Finx;

/// <summary>Reads the fields of a JSON body and gathers what is wrong with them, as finX's error object wants it.</summary>
internal sealed class FieldReader(JsonObject body)
{
    private readonly Dictionary<string, List<string>> _complaints = [];

    public bool Valid => _complaints.Count == 0;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Complaints =>
        _complaints.ToDictionary(pair => pair.Key, IReadOnlyList<string> (pair) => pair.Value);

    public string? Text(string field) => Read(field, JsonValueKind.String, "Not a valid string.")?.GetValue<string>();

    public string RequiredText(string field)
    {
        var text = Text(field);
        if (text is "" || (text is null && !_complaints.ContainsKey(field)))
            Complain(field, "This field is required.");
        return text ?? "";
    }

    public string RequiredUrl(string field)
    {
        var text = RequiredText(field);
        if (text != "" && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && !url.IsFile))
            Complain(field, "Not a valid URL.");
        return text;
    }

    public string? Uuid(string field)
    {
        var text = Text(field);
        if (text is not null && !Guid.TryParseExact(text, "D", out _))
            Complain(field, "Not a valid UUID.");
        return text;
    }

    public string? Choice(string field, IReadOnlyList<string> choices)
    {
        var text = Text(field);
        if (text is not null && !choices.Contains(text))
            Complain(field, $"Must be one of: {string.Join(", ", choices)}.");
        return text;
    }

    public bool? Flag(string field) => body[field] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => Complain<bool>(field, "Not a valid boolean."),
    };

    public int? Days(string field) => body[field] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.Number && value.TryGetValue(out int days) =>
            days > 0 ? days : Complain<int>(field, "Must be greater than or equal to 1."),
        _ => Complain<int>(field, "Not a valid integer."),
    };

    public IReadOnlyList<string> Texts(string field, IReadOnlyList<string>? choices = null) => Items(field, (item, path) =>
    {
        if (item?.GetValueKind() is not JsonValueKind.String)
            Complain(path, "Not a valid string.");
        else if (choices is not null && !choices.Contains(item.GetValue<string>()))
            Complain(path, $"Must be one of: {string.Join(", ", choices)}.");
        else
            return item.GetValue<string>();
        return "";
    });

    /// <summary>A list of <c>{"id": "...", "currency": "..."}</c>; gives the ids.</summary>
    public IReadOnlyList<string> AccountReferences(string field) => Items(field, (item, path) =>
    {
        if (item is not JsonObject account)
        {
            Complain(path, "Not a valid object.");
            return "";
        }

        var inner = new FieldReader(account);
        var id = inner.RequiredText("id");
        inner.Text("currency");
        foreach (var (name, complaints) in inner._complaints)
            complaints.ForEach(complaint => Complain($"{path}.{name}", complaint));
        return id.Replace(" ", "", StringComparison.Ordinal);
    });

    private List<string> Items(string field, Func<JsonNode?, string, string> read)
    {
        if (body[field] is null)
            return [];
        if (body[field] is JsonArray items)
            return [.. items.Select((item, index) => read(item, string.Create(CultureInfo.InvariantCulture, $"{field}.{index}")))];

        Complain(field, "Not a valid list.");
        return [];
    }

    private JsonNode? Read(string field, JsonValueKind kind, string complaint)
    {
        var node = body[field];
        if (node is null || node.GetValueKind() == kind)
            return node;

        Complain(field, complaint);
        return null;
    }

    private T? Complain<T>(string field, string complaint)
        where T : struct
    {
        Complain(field, complaint);
        return null;
    }

    private void Complain(string field, string complaint)
    {
        if (!_complaints.TryGetValue(field, out var list))
            _complaints[field] = list = [];
        list.Add(complaint);
    }
}
