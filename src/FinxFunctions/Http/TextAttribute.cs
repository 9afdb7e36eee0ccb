using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace FinxFunctions.Http;

/// <summary>A text of a body, or each text of a list: its length, no control characters, and where given a pattern.</summary>
/// <param name="maximum">Characters (UTF-16 code units) at most.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TextAttribute(int maximum) : ValidationAttribute
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public int Maximum { get; } = maximum;

    /// <summary>Characters at least.</summary>
    public int Minimum { get; init; } = 1;

    /// <summary>A regular expression that each text matches, in the dialect that JSON Schema and .NET share; null for none.</summary>
    public string? Pattern { get; init; }

    public override bool IsValid(object? value) => value switch
    {
        string text => IsValid(text),
        IEnumerable<string?> texts => texts.All(IsValid),
        _ => false,
    };

    public override string FormatErrorMessage(string name) =>
        ErrorMessage ?? (Minimum == Maximum ? $"Must have {Maximum} characters" : $"Must have {Minimum} to {Maximum} characters") + ", none of them a control character.";

    private bool IsValid(string? text) =>
        text is not null
        && text.Length >= Minimum
        && text.Length <= Maximum
        && !text.Any(char.IsControl)
        && (Pattern is null || Regex.IsMatch(text, Pattern, RegexOptions.CultureInvariant, Timeout));
}
