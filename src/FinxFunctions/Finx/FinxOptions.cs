using System.ComponentModel.DataAnnotations;

namespace FinxFunctions.Finx;

/// <summary>How finX is reached, and how long its tokens live. Section <c>Finx</c>.</summary>
public sealed class FinxOptions
{
    public const string Section = "Finx";

    /// <summary>Base address of the finX API; https, or http on a loopback address. finX documents no production host; Qwist tells it.</summary>
    [Required]
    public Uri? BaseAddress { get; set; }

    /// <summary>Client id of HTTP Basic authentication.</summary>
    [Required]
    public string? ClientId { get; set; }

    /// <summary>Client secret of HTTP Basic authentication. In Azure a Key Vault reference.</summary>
    [Required]
    [ResolvedReference(ErrorMessage = "Finx__ClientSecret is a Key Vault reference that was not resolved: the secret is not there, or the app's identity may not read it.")]
    public string? ClientSecret { get; set; }

    /// <summary>How long one <c>POST /auth/token</c> may take before it counts as failed. Its answer is still awaited until the lease is nearly over.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan TokenTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long finX may take to begin any other answer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:03:00")]
    public TimeSpan DataTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Life of an authorization code. finX documents 5 minutes in one place and an hour in another. A code that finX did not act on is presented again for this long.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Life of an access token whose answer has no <c>expires_in</c>.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Life of a refresh token; finX says 90 days at most.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "3650.00:00:00")]
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Whether a new refresh token has a full life, or only the rest of the first one's life. finX does not document it.</summary>
    public bool RotationRestartsLifetime { get; set; } = true;

    /// <summary>Life of the bank's consent, usually 180 days. finX documents no field for it.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "3650.00:00:00")]
    public TimeSpan ConsentLifetime { get; set; } = TimeSpan.FromDays(180);

    /// <summary>Whether the code exchange repeats <c>redirect_uri</c>. Qwist's own collection does not send it.</summary>
    public bool SendRedirectUri { get; set; }

    /// <summary>Whether the former refresh token is revoked after a renewal brought a new one. It is of no use any more, but finX would accept it.</summary>
    public bool RevokeFormerGrants { get; set; } = true;

    /// <summary>How a refresh token is revoked when a connection is deleted. finX documents no endpoint. Its predecessor had <c>/auth/revoke</c>.</summary>
    public RevocationMethod Revocation { get; set; } = RevocationMethod.Post;
}
