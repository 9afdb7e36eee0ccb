using FinxFunctions.Finx;

namespace FinxFunctions.Rotation;

/// <summary>A lease that ends while finX may still answer would invite a second presentation of the same token.</summary>
public sealed class LeaseValidator(IOptions<FinxOptions> finx) : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options) => TokenTimeout() is { } timeout && options.Lease < 2 * timeout
        ? ValidateOptionsResult.Fail($"Tokens__Lease ({options.Lease}) must be at least twice Finx__TokenTimeout ({timeout}).")
        : ValidateOptionsResult.Success;

    /// <summary>Null where finX's own settings are wrong, which their validation tells.</summary>
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
