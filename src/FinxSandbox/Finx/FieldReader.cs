using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FinxSandbox.Finx;

/// <summary>Reads the fields of a JSON body and collects their errors for finX's error object.</summary>
internal sealed class FieldReader(JsonObject body)
{
    private readonly Dictionary<string, List<string>> _errors = [];

    public bool Valid => _errors.Count == 0;

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors =>
        _errors.ToDictionary(pair => pair.Key, IReadOnlyList<string> (pair) => pair.Value);

    public string? Text(string field) => Read(field, JsonValueKind.String, "Not a valid string.")?.GetValue<string>();

    public string RequiredText(string field)
    {
        var text = Text(field);
        if (text is "" || (text is null && !_errors.ContainsKey(field)))
            AddError(field, "This field is required.");
        return text ?? "";
    }

    public string RequiredUrl(string field)
    {
        var text = RequiredText(field);
        if (text != "" && !(Uri.TryCreate(text, UriKind.Absolute, out var url) && !url.IsFile))
            AddError(field, "Not a valid URL.");
        return text;
    }

    public string? Uuid(string field)
    {
        var text = Text(field);
        if (text is not null && !Guid.TryParseExact(text, "D", out _))
            AddError(field, "Not a valid UUID.");
        return text;
    }

    public string? Choice(string field, IReadOnlyList<string> choices)
    {
        var text = Text(field);
        if (text is not null && !choices.Contains(text))
            AddError(field, $"Must be one of: {string.Join(", ", choices)}.");
        return text;
    }

    public bool? Flag(string field) => body[field] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        _ => AddError<bool>(field, "Not a valid boolean."),
    };

    public int? Days(string field) => body[field] switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.Number && value.TryGetValue(out int days) =>
            days > 0 ? days : AddError<int>(field, "Must be greater than or equal to 1."),
        _ => AddError<int>(field, "Not a valid integer."),
    };

    public IReadOnlyList<string> Texts(string field, IReadOnlyList<string>? choices = null) => Items(field, (item, path) =>
    {
        if (item?.GetValueKind() is not JsonValueKind.String)
            AddError(path, "Not a valid string.");
        else if (choices is not null && !choices.Contains(item.GetValue<string>()))
            AddError(path, $"Must be one of: {string.Join(", ", choices)}.");
        else
            return item.GetValue<string>();
        return "";
    });

    /// <summary>A list of <c>{"id": "...", "currency": "..."}</c>; gives the ids.</summary>
    public IReadOnlyList<string> AccountReferences(string field) => Items(field, (item, path) =>
    {
        if (item is not JsonObject account)
        {
            AddError(path, "Not a valid object.");
            return "";
        }

        var inner = new FieldReader(account);
        var id = inner.RequiredText("id");
        inner.Text("currency");
        foreach (var (name, errors) in inner._errors)
            errors.ForEach(complaint => AddError($"{path}.{name}", complaint));
        return id.Replace(" ", "", StringComparison.Ordinal);
    });

    private List<string> Items(string field, Func<JsonNode?, string, string> read)
    {
        if (body[field] is null)
            return [];
        if (body[field] is JsonArray items)
            return [.. items.Select((item, index) => read(item, string.Create(CultureInfo.InvariantCulture, $"{field}.{index}")))];

        AddError(field, "Not a valid list.");
        return [];
    }

    private JsonNode? Read(string field, JsonValueKind kind, string complaint)
    {
        var node = body[field];
        if (node is null || node.GetValueKind() == kind)
            return node;

        AddError(field, complaint);
        return null;
    }

    private T? AddError<T>(string field, string complaint)
        where T : struct
    {
        AddError(field, complaint);
        return null;
    }

    private void AddError(string field, string complaint)
    {
        if (!_errors.TryGetValue(field, out var list))
            _errors[field] = list = [];
        list.Add(complaint);
    }
}
