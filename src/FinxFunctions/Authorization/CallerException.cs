namespace FinxFunctions.Authorization;

/// <summary>The caller is unknown, or lacks a role.</summary>
public sealed class CallerException : Exception
{
    /// <summary>The caller is unknown.</summary>
    public CallerException()
        : base("The caller is not known.")
    {
    }

    /// <summary>The caller is known, but lacks a role.</summary>
    public CallerException(Caller caller, string missingRole)
        : base($"The caller lacks the role {missingRole}.") => (Caller, MissingRole) = (caller, missingRole);

    /// <summary>Null if the caller is unknown.</summary>
    public Caller? Caller { get; }

    /// <summary>The app role that the caller lacks. Null if the caller is unknown.</summary>
    public string? MissingRole { get; }
}
