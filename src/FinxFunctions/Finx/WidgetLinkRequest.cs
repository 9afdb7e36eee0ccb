namespace FinxFunctions.Finx;

/// <summary>The body of <c>POST /ongoing/access</c>. What is null is left to finX's default.</summary>
public sealed record WidgetLinkRequest
{
    public required string UserId { get; init; }

    public string? RedirectUri { get; init; }

    public string? State { get; init; }

    public string? TrackingId { get; init; }

    public string? Language { get; init; }

    public string? ProviderId { get; init; }

    public IReadOnlyList<AccountReference>? Accounts { get; init; }

    public IReadOnlyList<string>? AccountTypes { get; init; }

    public bool? AllowMultiSelection { get; init; }

    /// <summary>Days of transaction history.</summary>
    public int? SyncPeriod { get; init; }

    public bool? SaveSecrets { get; init; }
}
