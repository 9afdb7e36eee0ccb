namespace FinxFunctions.Authorization;

/// <summary>A caller that nobody vouches for, or that may not do this.</summary>
public sealed class CallerException : Exception
{
    /// <summary>Nobody vouches for it.</summary>
    public CallerException()
        : base("The caller is not known.")
    {
    }

    /// <summary>It is known, and may not.</summary>
    public CallerException(Caller caller, string missingRole)
        : base($"The caller lacks the role {missingRole}.") => (Caller, MissingRole) = (caller, missingRole);

    /// <summary>Null where it is not known.</summary>
    public Caller? Caller { get; }

    /// <summary>The app role that it lacks; null where it is not known.</summary>
    public string? MissingRole { get; }
}
