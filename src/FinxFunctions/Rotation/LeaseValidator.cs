using FinxFunctions.Finx;

namespace FinxFunctions.Rotation;

/// <summary>Checks that a lease lasts at least twice as long as finX may take. Otherwise the same token could be presented twice.</summary>
public sealed class LeaseValidator(IOptions<FinxOptions> finx) : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options) => TokenTimeout() is { } timeout && options.Lease < 2 * timeout
        ? ValidateOptionsResult.Fail($"Tokens__Lease ({options.Lease}) must be at least twice Finx__TokenTimeout ({timeout}).")
        : ValidateOptionsResult.Success;

    /// <summary>Null where finX's settings are wrong; their own validation reports that.</summary>
    private TimeSpan? TokenTimeout()
    {
        try
        {
            return finx.Value.TokenTimeout;
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }
}
