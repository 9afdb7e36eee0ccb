using Microsoft.Extensions.Options;

namespace FinxFunctions.Client;

internal sealed class FinxFunctionsOptionsValidator : IValidateOptions<FinxFunctionsOptions>
{
    public ValidateOptionsResult Validate(string? name, FinxFunctionsOptions options)
    {
        List<string> failures = [];
        if (options.BaseAddress is not { IsAbsoluteUri: true } address || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            failures.Add($"{nameof(options.BaseAddress)} must be the function app's address: https, or http on a loopback host.");
        }

        if (options.Credential is null != string.IsNullOrEmpty(options.Scope))
        {
            failures.Add($"{nameof(options.Credential)} and {nameof(options.Scope)} go together.");
        }

        if (options.TryTimeout <= TimeSpan.Zero)
        {
            failures.Add($"{nameof(options.TryTimeout)} must be positive.");
        }

        if (options.ReadRetries is < 0 or > 10)
        {
            failures.Add($"{nameof(options.ReadRetries)} must be from 0 to 10.");
        }

        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
