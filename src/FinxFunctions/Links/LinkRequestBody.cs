using System.ComponentModel.DataAnnotations;
using FinxFunctions.Http;

namespace FinxFunctions.Links;

/// <summary>The body of <c>POST /api/links</c> (finX: <c>POST /ongoing/access</c>). The schema <c>LinkRequest</c> of openapi.json describes each field.</summary>
public sealed record LinkRequestBody
{
    public const string CodeChallengeError = "Must be the SHA-256 of the code_verifier in base64url: 43 characters (RFC 7636, S256).";

    private const int MaximumItems = 50;
    private const string ItemsError = "Must have {1} items at most.";

    [Required, Text(128)]
    public string? UserId { get; set; }

    [Required, Text(ReturnUris.MaximumLength)]
    public string? ReturnUri { get; set; }

    [Text(1024)]
    public string? State { get; set; }

    [Text(32, Minimum = 32, Pattern = "^[0-9a-f]{32}$", ErrorMessage = "Is not the id of a connection: 32 lower-case hexadecimal digits.")]
    public string? ConnectionId { get; set; }

    [AllowedValues("redirect", "popup", "iframe", ErrorMessage = "Must be redirect, popup or iframe.")]
    public string? Mode { get; set; }

    [Text(256)]
    public string? Origin { get; set; }

    /// <summary>The SHA-256 of a <c>code_verifier</c> in base64url (RFC 7636, S256).</summary>
    [Text(43, Minimum = 43, Pattern = "^[A-Za-z0-9_-]{43}$", ErrorMessage = CodeChallengeError)]
    public string? CodeChallenge { get; set; }

    [Text(128)]
    public string? TrackingId { get; set; }

    [Text(2, Minimum = 2)]
    public string? Language { get; set; }

    public Guid? ProviderId { get; set; }

    [MaxLength(MaximumItems, ErrorMessage = ItemsError)]
    public List<LinkAccountBody>? Accounts { get; set; }

    [MaxLength(MaximumItems, ErrorMessage = ItemsError), Text(64, ErrorMessage = "Each text must have 1 to 64 characters, none of them a control character.")]
    public List<string>? AccountTypes { get; set; }

    public bool? AllowMultiSelection { get; set; }

    /// <summary>Days of transactions.</summary>
    [Range(1, 730, ErrorMessage = "Must be from {1} to {2}.")]
    public int? SyncPeriod { get; set; }

    public bool? SaveSecrets { get; set; }
}
