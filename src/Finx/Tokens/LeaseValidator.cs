using Finx.Api;
using Microsoft.Extensions.Options;

namespace Finx.Tokens;

/// <summary>A lease that ends while finX may still answer would invite a second presentation of the same token.</summary>
internal sealed class LeaseValidator(IOptions<FinxOptions> finx) : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options) => options.Lease >= 2 * finx.Value.TokenTimeout
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"Tokens__Lease ({options.Lease}) must be at least twice Finx__TokenTimeout ({finx.Value.TokenTimeout}).");
}
