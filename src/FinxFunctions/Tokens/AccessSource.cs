namespace FinxFunctions.Tokens;

/// <summary>Where an access token came from.</summary>
public enum AccessSource
{
    /// <summary>Memory.</summary>
    Warm,

    /// <summary>The stores.</summary>
    Cold,

    /// <summary>finX, by a refresh just now.</summary>
    Refreshed,

    /// <summary>Memory or the stores. The token does not meet the request, but is still valid, and there is no other.</summary>
    Stale,
}
