using System.Globalization;
using System.Text.Json;

namespace FinxFunctions.Http;

/// <summary>The fields of a JSON object, each read with its rules; gathers every error, and names the fields that nobody asked for.</summary>
public sealed class JsonFields(JsonElement root, string prefix = "")
{
    // Most objects are empty or right: what is not needed is not made.
    private readonly bool _isEmpty = root.GetPropertyCount() == 0;
    private Dictionary<string, string[]>? _errors;
    private HashSet<string>? _known;

    /// <summary>A text without control characters; null where it is absent.</summary>
    public string? Text(string name, int maximum, bool isRequired = false)
    {
        if (Find(name, isRequired) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not JsonValueKind.String)
        {
            return Error(name, "A text is needed.");
        }

        try
        {
            return value.GetString() switch
            {
                "" => Error(name, "Must not be empty."),
                { } text when text.Length > maximum => Error(name, $"At most {maximum} characters."),
                { } text when text.Any(char.IsControl) => Error(name, "Must not hold control characters."),
                var text => text,
            };
        }
        catch (InvalidOperationException)
        {
            return Error(name, "Is not valid Unicode.");
        }
    }

    /// <summary>A whole number; null where it is absent.</summary>
    public int? Number(string name, int minimum, int maximum)
    {
        if (Find(name, false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= minimum && number <= maximum)
        {
            return number;
        }

        Error(name, string.Create(CultureInfo.InvariantCulture, $"A whole number from {minimum} to {maximum} is needed."));
        return null;
    }

    /// <summary>A truth value; null where it is absent.</summary>
    public bool? Flag(string name)
    {
        if (Find(name, false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Error(name, "true or false is needed.");
        return null;
    }

    /// <summary>The items of a list; null where it is absent.</summary>
    public IReadOnlyList<JsonElement>? Items(string name, int maximum)
    {
        if (Find(name, false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() > maximum)
        {
            Error(name, $"A list of at most {maximum} items is needed.");
            return null;
        }

        return [.. value.EnumerateArray()];
    }

    /// <summary>An object inside a list.</summary>
    public JsonFields? Inside(string name, JsonElement item)
    {
        if (item.ValueKind is JsonValueKind.Object)
        {
            return new JsonFields(item, $"{prefix}{name}.");
        }

        Error(name, "An object is needed.");
        return null;
    }

    /// <summary>Notes an error; returns null, as what could not be read.</summary>
    public string? Error(string name, string error)
    {
        _errors ??= [];
        _errors[prefix + name] = [.. _errors.GetValueOrDefault(prefix + name, []), error];
        return null;
    }

    /// <summary>Takes over what an inner object has to say.</summary>
    public void Take(JsonFields inner)
    {
        inner.NameStrangers();
        foreach (var (name, errors) in inner._errors ?? [])
        {
            _errors ??= [];
            _errors[name] = errors;
        }
    }

    /// <exception cref="InvalidRequestException">Something was wrong; all of it is named.</exception>
    public void ThrowIfWrong()
    {
        NameStrangers();
        if (_errors is not null)
        {
            throw new InvalidRequestException(_errors);
        }
    }

    private JsonElement? Find(string name, bool isRequired)
    {
        if (!_isEmpty)
        {
            _known ??= [];
            _known.Add(name);
        }

        if (root.TryGetProperty(name, out var value) && value.ValueKind is not JsonValueKind.Null)
        {
            return value;
        }

        if (isRequired)
        {
            Error(name, "Is required.");
        }

        return null;
    }

    private void NameStrangers()
    {
        if (_isEmpty)
        {
            return;
        }

        foreach (var property in root.EnumerateObject().Where(property => _known?.Contains(property.Name) is not true))
        {
            _errors ??= [];
            _errors.TryAdd(prefix + Printable(property.Name), ["Is not known."]);
        }
    }

    private static string Printable(string name) => new([.. name.Take(64).Select(c => char.IsControl(c) ? '?' : c)]);
}
