using FinxFunctions.Diagnostics;

namespace FinxFunctions.Finx;

/// <summary>Counts calls to finX, try by try.</summary>
public sealed class CallCounter(FinxMetrics metrics) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var status = 0;
        try
        {
            // As in every handler of the pipeline: what went out on the caller's scheduler need not come back there.
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            metrics.Call(OperationOf(request.RequestUri!), status);
        }
    }

    public static string OperationOf(Uri address) => address.AbsolutePath switch
    {
        var path when path.EndsWith("/auth/token", StringComparison.Ordinal) => "token",
        var path when path.EndsWith("/auth/revoke", StringComparison.Ordinal) => "revoke",
        var path when path.EndsWith("/ongoing/access", StringComparison.Ordinal) => "link",
        var path when path.Contains("/rest/", StringComparison.Ordinal) => "data",
        _ => "probe",
    };
}
