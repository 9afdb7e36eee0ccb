namespace FinxFunctions.Rotation;

/// <summary>Why a connection needs a new consent of its user; part of the HTTP contract.</summary>
public static class ReconsentReason
{
    /// <summary>The user has not come back from the widget with a code.</summary>
    public const string NotConnected = "not_connected";

    /// <summary>finX refused the refresh token.</summary>
    public const string Refused = "refused";

    /// <summary>finX refused a refresh token that it may have accepted before, in an answer that was lost.</summary>
    public const string Ambiguous = "ambiguous";

    /// <summary>The tokens are in no store any more: the secret is missing, and could not be recovered.</summary>
    public const string Lost = "lost";

    /// <summary>The refresh token's life is over.</summary>
    public const string Expired = "expired";

    /// <summary>finX issued no refresh token, and the access token has expired.</summary>
    public const string NoRefreshToken = "no_refresh_token";
}
