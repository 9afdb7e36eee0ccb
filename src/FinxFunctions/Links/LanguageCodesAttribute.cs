using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Links;

/// <summary>Language codes of two letters (ISO 639-1), separated by commas.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LanguageCodesAttribute() : ValidationAttribute("The field {0} must be language codes of two letters, separated by commas.")
{
    public override bool IsValid(object? value) => value is not string text || text.Split(',').All(code => code.Length == 2 && code.All(char.IsAsciiLetterLower));
}
