using System.Text.RegularExpressions;

namespace FinxFunctions.Infra.Tests.Templates;

/// <summary>What is said in a source that cannot be asked otherwise.</summary>
internal static class SourceText
{
    /// <summary>The first group of every match, each once; there is at least one.</summary>
    public static IReadOnlyList<string> Matches(string pattern, string source)
    {
        List<string> found = [.. Regex.Matches(source, pattern, RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(found.Count > 0, $"Nothing matches {pattern}.");
        return found;
    }
}
