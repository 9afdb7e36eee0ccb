namespace FinxFunctions.Primitives;

/// <summary>A connection's id: 32 lower-case hexadecimal digits, random.</summary>
public static class ConnectionId
{
    public static string New() => Guid.NewGuid().ToString("N");

    public static bool IsValid(string? id) => id is { Length: 32 } && id.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');
}
