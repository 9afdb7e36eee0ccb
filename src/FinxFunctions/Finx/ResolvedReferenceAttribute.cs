using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Finx;

/// <summary>Checks that a Key Vault reference was resolved. App Service hands over the reference itself if it cannot read the secret.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ResolvedReferenceAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not string text || !text.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal);
}
