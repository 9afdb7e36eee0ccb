using System.ComponentModel.DataAnnotations;
using FinxFunctions.Http;

namespace FinxFunctions.Callback;

/// <summary>The body of <c>POST /api/connections/{id}/confirm</c>.</summary>
public sealed record LinkConfirmationBody
{
    /// <summary>The text whose SHA-256 is the link's <c>code_challenge</c> (RFC 7636).</summary>
    [Required, Text(128)]
    public string? CodeVerifier { get; set; }

    public override string ToString() => nameof(LinkConfirmationBody);
}
