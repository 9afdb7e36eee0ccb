namespace FinxFunctions.State;

public sealed class TableOptionsValidator : IValidateOptions<TableOptions>
{
    public ValidateOptionsResult Validate(string? name, TableOptions options) => (options.Endpoint, options.ConnectionString) switch
    {
        (null, null or "") => ValidateOptionsResult.Fail("Tables: set Tables__Endpoint (https://<account>.table.core.windows.net) or, for Azurite, Tables__ConnectionString."),
        ({ }, { Length: > 0 }) => ValidateOptionsResult.Fail("Tables: set Tables__Endpoint or Tables__ConnectionString, not both."),
        ({ IsAbsoluteUri: false }, _) => ValidateOptionsResult.Fail("Tables__Endpoint: an absolute address is needed, such as https://<account>.table.core.windows.net."),
        ({ } endpoint, _) when endpoint.Scheme != Uri.UriSchemeHttps && !endpoint.IsLoopback => ValidateOptionsResult.Fail("Tables__Endpoint: https is needed, except on a loopback address."),
        _ => ValidateOptionsResult.Success,
    };
}
