namespace FinxFunctions.Rotation;

/// <summary>Why only the user can bring a connection back; part of the HTTP contract.</summary>
public static class ReconsentReason
{
    /// <summary>The user never came back from the widget with a code.</summary>
    public const string NotConnected = "not_connected";

    /// <summary>finX refused the refresh token.</summary>
    public const string Refused = "refused";

    /// <summary>finX refused a refresh token that it may have accepted before, in an answer that never reached us.</summary>
    public const string Ambiguous = "ambiguous";

    /// <summary>finX issued no refresh token, and the access token is over.</summary>
    public const string NoRefreshToken = "no_refresh_token";
}
