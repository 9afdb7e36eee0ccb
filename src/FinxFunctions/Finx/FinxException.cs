namespace FinxFunctions.Finx;

/// <summary>finX did not do what was asked. The exception holds what a caller or an operator needs, and none of finX's texts.</summary>
/// <param name="failure">Who can solve the problem.</param>
/// <param name="status">HTTP status of finX's answer; null where finX did not answer.</param>
/// <param name="error">finX's error, where it sent one.</param>
/// <param name="retryAfter">How long finX asks to wait.</param>
public sealed class FinxException(FinxFailure failure, int? status = null, FinxError? error = null, TimeSpan? retryAfter = null, Exception? inner = null)
    : Exception(MessageOf(failure, status, error), inner)
{
    public FinxFailure Failure { get; } = failure;

    public int? Status { get; } = status;

    public FinxError? Error { get; } = error;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    private static string MessageOf(FinxFailure failure, int? status, FinxError? error) =>
        string.Join(", ", new[] { $"finX: {failure}", status is { } code ? $"status {code}" : null, error?.ToString() }.OfType<string>());
}
