namespace FinxFunctions.Finx;

/// <summary>
/// The callback address, as the code exchange may have to repeat it (<see cref="FinxOptions.SendRedirectUri"/>; RFC 6749, section 4.1.3).
/// Section <c>Links</c>, whose options class validates it.
/// </summary>
public sealed class RedirectOptions
{
    public Uri? CallbackAddress { get; set; }
}
