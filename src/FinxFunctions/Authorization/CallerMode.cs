namespace FinxFunctions.Authorization;

/// <summary>How callers are told apart.</summary>
public enum CallerMode
{
    /// <summary>By a function key, which the host checks: all who have one are the same caller.</summary>
    FunctionKeys,

    /// <summary>By the Entra application that App Service Authentication vouches for, with its app roles.</summary>
    Entra,
}
