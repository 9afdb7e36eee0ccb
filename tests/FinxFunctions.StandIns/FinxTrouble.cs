namespace FinxFunctions.StandIns;

/// <summary>What finX answers for a while in place of tokens. It does not act meanwhile.</summary>
public enum FinxTrouble
{
    /// <summary>503, to be asked again later.</summary>
    Unavailable,

    /// <summary>A page for people, as 200.</summary>
    MaintenancePage,

    /// <summary>302 to a page for people.</summary>
    Redirect,

    /// <summary>A gateway's page, as 403.</summary>
    GatewayPage,

    /// <summary>Every code and refresh token is refused, as if it were worth nothing.</summary>
    RefusesAll,
}
