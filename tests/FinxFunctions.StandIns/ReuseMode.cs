namespace FinxFunctions.StandIns;

/// <summary>What becomes of a refresh token that was used; finX does not say.</summary>
public enum ReuseMode
{
    /// <summary>It is refused.</summary>
    Dead,

    /// <summary>For a while it is honoured again; the token that its earlier use gave is dead then.</summary>
    Grace,

    /// <summary>It is refused, and all tokens of its family die.</summary>
    RevokeFamily,
}
