namespace FinxFunctions.Finx;

/// <summary>finX did not do what was asked. Carries what a caller or an operator needs, nothing that finX's text may have held.</summary>
/// <param name="failure">Whose problem it is.</param>
/// <param name="status">HTTP status of finX's answer; null where none came.</param>
/// <param name="error">finX's error, where it sent one.</param>
/// <param name="retryAfter">How long finX asks to be left alone.</param>
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
