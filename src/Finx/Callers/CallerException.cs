namespace Finx.Callers;

/// <summary>A caller that nobody vouches for, or that may not do this.</summary>
/// <param name="missingRole">The app role that it lacks; null where it is not known at all.</param>
public sealed class CallerException(string? missingRole) : Exception(missingRole is null ? "The caller is not known." : $"The caller lacks the role {missingRole}.")
{
    public string? MissingRole { get; } = missingRole;
}
