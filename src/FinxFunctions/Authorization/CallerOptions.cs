namespace FinxFunctions.Authorization;

/// <summary>Who may call. Section <c>Callers</c>.</summary>
public sealed class CallerOptions
{
    public const string Section = "Callers";

    /// <summary>
    /// With <see cref="CallerMode.Entra"/>, App Service Authentication must stand in front: it removes what a caller sends in its name. A
    /// request without its word is refused.
    /// </summary>
    public CallerMode Mode { get; set; }
}
