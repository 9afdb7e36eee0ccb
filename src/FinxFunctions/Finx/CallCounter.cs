using FinxFunctions.Diagnostics;

namespace FinxFunctions.Finx;

/// <summary>Counts each try of a call to finX.</summary>
public sealed class CallCounter(FinxMetrics metrics) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var status = 0;
        try
        {
            // The continuation need not run on the caller's scheduler, as in every handler of the pipeline.
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
