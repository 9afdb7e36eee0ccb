namespace FinxFunctions.Client;

/// <summary>What a link is asked for with. What is null is left to the service or to finX.</summary>
/// <param name="UserId">The id by which your services know the user; 1 to 128 characters.</param>
/// <param name="ReturnUri">Where the user goes in the end: among the addresses that the service allows.</param>
public sealed record LinkRequest(string UserId, Uri ReturnUri)
{
    /// <summary>Yours; comes back on <see cref="ReturnUri"/> as it is. At most 1024 characters.</summary>
    public string? State { get; init; }

    /// <summary>A connection to renew in place; null for a new one.</summary>
    public string? ConnectionId { get; init; }

    public LinkMode? Mode { get; init; }

    /// <summary>For a popup or a frame: where the outcome is posted to, such as <c>https://app.example</c>.</summary>
    public string? Origin { get; init; }

    /// <summary>Binds the flow to the browser that began it: base64url of the SHA-256 of a code verifier (RFC 7636, S256).</summary>
    public string? CodeChallenge { get; init; }

    public string? TrackingId { get; init; }

    /// <summary>Of the widget, such as <c>de</c>.</summary>
    public string? Language { get; init; }

    /// <summary>finX's id of the bank, to choose it beforehand.</summary>
    public Guid? ProviderId { get; init; }

    public IReadOnlyList<AccountReference>? Accounts { get; init; }

    public IReadOnlyList<string>? AccountTypes { get; init; }

    /// <summary>Whether the user may choose several accounts.</summary>
    public bool? AllowMultiSelection { get; init; }

    /// <summary>Days of transactions to fetch, 1 to 730.</summary>
    public int? SyncPeriod { get; init; }

    /// <summary>Whether finX may keep the user's log-in at the bank, and synchronise by itself.</summary>
    public bool? SaveSecrets { get; init; }
}
