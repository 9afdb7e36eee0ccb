namespace FinxFunctions.Links;

/// <summary>International bank account numbers (ISO 13616), whose check digits catch a slip of the pen.</summary>
public static class Iban
{
    /// <summary>Whether a text has the form of an IBAN: two letters, two digits, 11 to 30 letters and digits.</summary>
    public static bool LooksLikeOne(string text) =>
        Compact(text) is { Length: >= 15 and <= 34 } compact
        && compact[..2].All(char.IsAsciiLetter)
        && compact[2..4].All(char.IsAsciiDigit)
        && compact[4..].All(char.IsAsciiLetterOrDigit);

    /// <summary>Whether the check digits fit (ISO 7064, mod 97-10).</summary>
    public static bool IsValid(string text)
    {
        var compact = Compact(text);
        var remainder = 0;
        foreach (var c in compact[4..] + compact[..4])
        {
            var value = char.IsAsciiDigit(c) ? c - '0' : char.ToUpperInvariant(c) - 'A' + 10;
            remainder = ((remainder * (value > 9 ? 100 : 10)) + value) % 97;
        }

        return remainder == 1;
    }

    private static string Compact(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
