using System.Net;

namespace FinxFunctions.Finx;

/// <summary>What goes wrong at finX, in calls for links, data and revocation.</summary>
public static class FinxErrors
{
    private const int MaximumBody = 64 * 1024;

    /// <summary>The exception for an answer other than 2xx. Its body is read until <paramref name="deadline"/> at most.</summary>
    public static async Task<FinxException> OfAsync(HttpResponseMessage response, DateTimeOffset now, CancellationToken deadline)
    {
        var body = await BoundedBody.ReadAsync(response.Content, MaximumBody, deadline);
        var error = FinxError.TryParse(body.Bytes);
        var failure = response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.Locked or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => FinxFailure.Unavailable,
            _ when error is { Code: 1004 } => FinxFailure.ClientRefused,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => FinxFailure.ClientRefused,
            HttpStatusCode.NotFound when LenientJson.FirstByteOf(body.Bytes) == '<' => FinxFailure.Unavailable, // a deployment's page
            HttpStatusCode.NotFound => FinxFailure.NotFound,
            >= HttpStatusCode.BadRequest => FinxFailure.InvalidRequest,
            _ => FinxFailure.Unavailable,
        };
        return new FinxException(failure, (int)response.StatusCode, error, RetryAfterHeader.Of(response.Headers, now));
    }

    /// <summary>Whether an exception is finX's fault or that of the way to it: nothing listens, it breaks off, is silent, or does not send what its headers say.</summary>
    public static bool IsFinxFault(Exception exception) =>
        exception is HttpRequestException or IOException or InvalidDataException or TimeoutException or Polly.ExecutionRejectedException
        || exception is TaskCanceledException { InnerException: TimeoutException };
}
