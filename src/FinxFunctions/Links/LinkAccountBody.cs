using System.ComponentModel.DataAnnotations;
using FinxFunctions.Http;

namespace FinxFunctions.Links;

/// <summary>An account in the body of <c>POST /api/links</c>.</summary>
public sealed record LinkAccountBody
{
    /// <summary>IBAN, account number or card number.</summary>
    [Required, Text(64), Iban]
    public string? Id { get; set; }

    /// <summary>ISO 4217.</summary>
    [Text(3, Minimum = 3, Pattern = "^[A-Z]{3}$", ErrorMessage = "Must be an ISO 4217 code such as EUR.")]
    public string? Currency { get; set; }
}
