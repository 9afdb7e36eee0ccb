using Azure.Data.Tables;
using FinxFunctions.KeyVault;

namespace FinxFunctions.State;

/// <summary>
/// Reads a row field by field. A field that is missing, or of a kind or with a value that this version does not know, is as if it were not
/// there: it costs itself, and not the row. Another version of the app may have written it.
/// </summary>
public readonly struct RowReader(TableEntity row)
{
    public string? Text(string name) => row.TryGetValue(name, out var value) ? value as string : null;

    public int Number(string name) => row.TryGetValue(name, out var value) && value is int number ? number : 0;

    public bool Flag(string name) => row.TryGetValue(name, out var value) && value is true;

    public DateTimeOffset? Time(string name) => row.TryGetValue(name, out var value)
        ? value switch
        {
            DateTimeOffset at => at,
            DateTime at => new DateTimeOffset(at.ToUniversalTime()),
            _ => null,
        }
        : null;

    public Uri? Address(string name) => Uri.TryCreate(Text(name), UriKind.Absolute, out var address) ? address : null;

    /// <summary>A value of an enum by its name; null where this version does not know it.</summary>
    public T? Named<T>(string name)
        where T : struct, Enum => Text(name) is { } text && Enum.IsDefined(typeof(T), text) ? Enum.Parse<T>(text) : null;

    public EncryptedValue? Encrypted(string name) => Address(name + "Key") is { } key ? new EncryptedValue(key, Bytes(name)) : null;

    /// <summary>Bytes that may take several columns.</summary>
    public byte[] Bytes(string name)
    {
        List<byte> bytes = [];
        for (var index = 0; row.TryGetValue(name + index, out var value) && value is byte[] chunk; index++)
        {
            bytes.AddRange(chunk);
        }

        return [.. bytes];
    }

    /// <summary>A field without which the row is of no use.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public T Needed<T>(string name, T? value)
        where T : class => value ?? throw new InvalidDataException($"Row {row.RowKey} of {row.PartitionKey} has no readable {name}.");

    /// <summary>A field without which the row is of no use.</summary>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public T Needed<T>(string name, T? value)
        where T : struct => value ?? throw new InvalidDataException($"Row {row.RowKey} of {row.PartitionKey} has no readable {name}.");
}
