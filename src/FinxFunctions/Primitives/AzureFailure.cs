using System.Globalization;
using Azure;

namespace FinxFunctions.Primitives;

/// <summary>What a failure of an Azure client means to the service.</summary>
/// <remarks>
/// The clients throw what they come upon. Seen with the real ones: AggregateException of TaskCanceledException where a service is silent, of
/// RequestFailedException where it refuses or resets a connection, and of IOException where an answer breaks off; JsonException,
/// NullReferenceException, InvalidOperationException and UriFormatException where an answer is not the service's; an empty list of answers to
/// a batch. So a failure is recognised by where it happens, and not by its type.
/// </remarks>
public static class AzureFailure
{
    /// <summary>A service that asks for more is not believed.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>Whether a failure of a call means that the service is not available: always, but where the caller itself cancelled the call.</summary>
    public static bool IsUnavailable(Exception exception, CancellationToken cancellationToken) =>
        exception is not OutOfMemoryException && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested);

    /// <summary>How long the service asks to wait, at most <see cref="LongestWait"/>; null where it does not ask.</summary>
    public static TimeSpan? RetryAfterOf(Exception? exception) =>
        (exception as RequestFailedException)?.GetRawResponse() is { } response && RetryAfterOf(response) is { } wait
            ? wait < LongestWait ? wait : LongestWait
            : null;

    /// <summary>How long an answer asks to wait (RFC 9110, section 10.2.3); null where it does not ask.</summary>
    public static TimeSpan? RetryAfterOf(Response response)
    {
        foreach (var name in MillisecondHeaders)
        {
            if (response.Headers.TryGetValue(name, out var text) && double.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            {
                return Span(milliseconds / 1000);
            }
        }

        if (!response.Headers.TryGetValue("Retry-After", out var value))
        {
            return null;
        }

        if (double.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            return Span(seconds);
        }

        // The service's own clock says how far away the date is.
        return DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) && response.Headers.Date is { } now
            ? Span((at - now).TotalSeconds)
            : null;
    }

    private static string[] MillisecondHeaders { get; } = ["retry-after-ms", "x-ms-retry-after-ms"];

    private static TimeSpan Span(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, TimeSpan.FromDays(1).TotalSeconds));
}
