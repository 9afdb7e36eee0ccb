using System.Globalization;
using System.Net.Http.Headers;

namespace FinxFunctions.Finx;

/// <summary>How long an answer asks to wait (RFC 9110, section 10.2.3): seconds or a date. An hour counts at most.</summary>
public static class RetryAfterHeader
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The wait; null where the answer does not say, or says what is in the past or cannot be read.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, DateTimeOffset now) =>
        headers.NonValidated.TryGetValues("Retry-After", out var values) && Parse(values.ToString(), now) is { } wait && wait > TimeSpan.Zero
            ? wait < Longest ? wait : Longest
            : null;

    private static TimeSpan? Parse(string text, DateTimeOffset now) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(double.IsNaN(seconds) ? 0 : Math.Clamp(seconds, 0, Longest.TotalSeconds))
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - now
        : null;
}
