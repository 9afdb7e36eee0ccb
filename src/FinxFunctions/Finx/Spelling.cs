namespace FinxFunctions.Finx;

/// <summary>Names without their spelling: <c>refresh_token</c>, <c>Refresh-Token</c> and <c>refreshToken</c> are one.</summary>
public static class Spelling
{
    /// <summary>Letters and digits alone, in lower case.</summary>
    public static string Of(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));

    /// <summary>The words of a name or sentence, in lower case. A word also begins at a capital after a small letter.</summary>
    public static IReadOnlyList<string> WordsOf(string text)
    {
        List<string> words = [];
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            var ends = at == text.Length || !char.IsAsciiLetterOrDigit(text[at]);
            if ((ends || (at > 0 && char.IsAsciiLetterUpper(text[at]) && char.IsAsciiLetterLower(text[at - 1]))) && at > start)
            {
                words.Add(text[start..at].ToLowerInvariant());
                start = at;
            }

            start = ends ? at + 1 : start;
        }

        return words;
    }
}
