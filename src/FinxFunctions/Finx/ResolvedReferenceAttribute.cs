using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Finx;

/// <summary>A value that may come from Key Vault, and is not the reference to it: App Service leaves one that it cannot read as it is.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ResolvedReferenceAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not string text || !text.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal);
}
