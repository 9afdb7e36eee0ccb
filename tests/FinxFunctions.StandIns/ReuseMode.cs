namespace FinxFunctions.StandIns;

/// <summary>What finX does with a refresh token that was used before. Its documents do not say.</summary>
public enum ReuseMode
{
    /// <summary>It is refused.</summary>
    Dead,

    /// <summary>For a while it is honoured again. Then the token that its earlier use gave is dead.</summary>
    Grace,

    /// <summary>It is refused, and all tokens of its family die.</summary>
    RevokeFamily,
}
