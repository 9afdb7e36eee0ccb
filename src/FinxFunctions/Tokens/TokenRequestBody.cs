using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Tokens;

/// <summary>The body of <c>POST /api/connections/{id}/token</c>.</summary>
public sealed record TokenRequestBody
{
    /// <summary>Seconds that the token must at least be valid for; 60 by default.</summary>
    [Range(0, 3600, ErrorMessage = "Must be from {1} to {2}.")]
    public int? MinValidity { get; set; }

    /// <summary>The generation of a token that finX answered 401 to.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "Must be from {1} to {2}.")]
    public int? RejectedGeneration { get; set; }
}
