namespace FinxFunctions.Authorization;

/// <summary>How callers are identified.</summary>
public enum CallerMode
{
    /// <summary>By a function key, which the host checks. All who have one are the same caller.</summary>
    FunctionKeys,

    /// <summary>By the Entra application that App Service Authentication has authenticated, with its app roles.</summary>
    Entra,
}
