using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Links;

/// <summary>An account number. If it has the form of an IBAN, its check digits must be right.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IbanAttribute() : ValidationAttribute("Has the form of an IBAN, but its check digits are wrong.")
{
    public override bool IsValid(object? value) => value is not string text || !Iban.LooksLikeOne(text) || Iban.IsValid(text);
}
