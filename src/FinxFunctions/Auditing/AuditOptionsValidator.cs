namespace FinxFunctions.Auditing;

public sealed class AuditOptionsValidator : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options) => (options.Endpoint, options.ConnectionString) switch
    {
        ({ }, { Length: > 0 }) => ValidateOptionsResult.Fail("Audit: set Audit__Endpoint or Audit__ConnectionString, not both."),
        ({ IsAbsoluteUri: false }, _) => ValidateOptionsResult.Fail("Audit__Endpoint: an absolute address is needed, such as https://<account>.table.core.windows.net."),
        ({ } endpoint, _) when endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback => ValidateOptionsResult.Fail("Audit__Endpoint: https is needed, except on a loopback address."),
        _ => ValidateOptionsResult.Success,
    };
}
