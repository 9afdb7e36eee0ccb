namespace FinxFunctions.Tokens;

/// <summary>Where an access token came from.</summary>
public enum AccessSource
{
    /// <summary>Memory.</summary>
    Warm,

    /// <summary>The stores.</summary>
    Cold,

    /// <summary>finX, just now.</summary>
    Refreshed,

    /// <summary>Memory or the stores, where what was asked for is not to be had: still valid, for less long than wished.</summary>
    Stale,
}
