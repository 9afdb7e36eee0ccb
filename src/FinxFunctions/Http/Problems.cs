using System.Diagnostics;
using System.Globalization;
using FinxFunctions.Auditing;
using FinxFunctions.Authorization;
using FinxFunctions.Finx;
using FinxFunctions.KeyVault;
using FinxFunctions.State;

namespace FinxFunctions.Http;

/// <summary>The errors that a caller sees: RFC 9457 problem details with a <c>code</c> for programs and a <c>trace_id</c> for operators.</summary>
public static partial class Problems
{
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(5);

    /// <summary>The problem for an exception. An unexpected exception and a failed dependency are logged here, once.</summary>
    public static IResult From(Exception exception, HttpContext context) => exception switch
    {
        InvalidRequestException invalid => Problem(invalid.Status, "invalid_request", "The request is invalid.", errors: invalid.Errors),
        BadHttpRequestException bad => Problem(bad.StatusCode is >= 400 and < 500 ? bad.StatusCode : 400, "invalid_request", "The request is invalid."),
        CallerException { MissingRole: null } => Problem(StatusCodes.Status401Unauthorized, "unauthorized", "The caller is not known."),
        CallerException { MissingRole: { } role } => Problem(StatusCodes.Status403Forbidden, "forbidden", $"The caller lacks the app role {role}."),
        IdempotencyException => Problem(StatusCodes.Status422UnprocessableEntity, "idempotency_conflict", "This Idempotency-Key belongs to another request, or to a link that has expired."),
        FinxException finx => Of(finx),
        VaultException vault => Problem(StatusCodes.Status503ServiceUnavailable, "vault_unavailable", "Key Vault is not available.", retryAfter: vault.RetryAfter ?? DefaultRetry, log: context, exception: exception),
        AuditException => Problem(StatusCodes.Status503ServiceUnavailable, "audit_unavailable", "The audit trail is not available, and no token is given out without it.", retryAfter: DefaultRetry, log: context, exception: exception),
        StorageException storage => Problem(StatusCodes.Status503ServiceUnavailable, "storage_unavailable", "Table Storage is not available.", retryAfter: storage.RetryAfter ?? DefaultRetry, log: context, exception: exception),
        _ => Problem(StatusCodes.Status500InternalServerError, "internal_error", "Something went wrong here.", log: context, exception: exception),
    };

    public static IResult UnknownConnection() => Problem(StatusCodes.Status404NotFound, "unknown_connection", "There is no such connection.");

    /// <summary>Another operation is running on the connection.</summary>
    public static IResult Busy(TimeSpan? retryAfter = null) =>
        Problem(StatusCodes.Status503ServiceUnavailable, "busy", "Another operation is running on this connection.", retryAfter: retryAfter ?? TimeSpan.FromSeconds(1));

    /// <summary>The flow failed, so that it cannot be confirmed.</summary>
    public static IResult LinkFailed() => Problem(StatusCodes.Status409Conflict, "link_failed", "The flow failed. Create another link, and send the user there.");

    /// <summary>finX refused two access tokens that it had just issued.</summary>
    public static IResult DataRefused() => Problem(StatusCodes.Status502BadGateway, "finx_refused", "finX refuses a fresh access token for this data.");

    private static IResult Of(FinxException exception) => exception.Failure switch
    {
        FinxFailure.ClientRefused => Problem(StatusCodes.Status502BadGateway, "finx_refused", "finX refuses this service. An operator must act.", finx: exception),
        FinxFailure.InvalidRequest => Problem(StatusCodes.Status400BadRequest, "invalid_request", "finX finds the request invalid.", errors: exception.Error?.Fields, finx: exception),
        FinxFailure.NotFound => Problem(StatusCodes.Status404NotFound, "not_found", "finX does not know what was asked for.", finx: exception),
        _ => Problem(
            exception.Status is null or 429 or 503 ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status502BadGateway,
            "finx_unavailable",
            "finX is not available.",
            retryAfter: exception.RetryAfter ?? DefaultRetry,
            finx: exception),
    };

    /// <summary>A problem of this contract. It is logged only if <paramref name="log"/> and <paramref name="exception"/> are given.</summary>
    public static IResult Problem(
        int status,
        string code,
        string title,
        IReadOnlyDictionary<string, string[]>? errors = null,
        TimeSpan? retryAfter = null,
        string? reason = null,
        FinxException? finx = null,
        HttpContext? log = null,
        Exception? exception = null)
    {
        if (log is not null && exception is not null)
        {
            var logger = log.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Problems).FullName!);
            if (status == StatusCodes.Status500InternalServerError)
            {
                Unexpected(logger, exception);
            }
            else
            {
                DependencyFailed(logger, code, exception);
            }
        }

        var report = new ProblemReport($"urn:finxfunctions:{code}", title, status, code, (Activity.Current?.TraceId ?? default).ToString())
        {
            Reason = reason,
            Errors = errors is { Count: > 0 } ? errors : null,
            FinxStatus = finx?.Status,
            FinxCode = finx?.Error?.Code,
        };
        var problem = TypedResults.Json(report, ProblemJson.Default.ProblemReport, "application/problem+json", status);
        return retryAfter is { } after
            ? new WithHeader(problem, "Retry-After", Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture))
            : problem;
    }

    [LoggerMessage(50, LogLevel.Error, "A call failed with an unexpected exception.")]
    private static partial void Unexpected(ILogger logger, Exception exception);

    [LoggerMessage(51, LogLevel.Warning, "A call failed: {Code}.")]
    private static partial void DependencyFailed(ILogger logger, string code, Exception exception);
}
