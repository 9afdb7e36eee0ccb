namespace FinxFunctions.Authorization;

/// <summary>How callers are identified. Section <c>Callers</c>.</summary>
public sealed class CallerOptions
{
    public const string Section = "Callers";

    /// <summary>
    /// <see cref="CallerMode.Entra"/> needs App Service Authentication in front of the app. It removes its own headers from what a caller sends.
    /// A request without them is refused.
    /// </summary>
    public CallerMode Mode { get; set; }
}
