using Azure;

namespace Finx.Links;

/// <summary>A widget link that was given out, and what came of it.</summary>
/// <param name="Key">SHA-256 of the state sent to finX: the state itself is not stored.</param>
/// <param name="FlowId">finX's id of the flow.</param>
/// <param name="ReturnUri">Where the user goes in the end.</param>
/// <param name="CallerState">The caller's own state, returned as it came.</param>
internal sealed record Link(
    string Key,
    string FlowId,
    Uri ReturnUri,
    string? CallerState,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt)
{
    public LinkStatus Status { get; init; }

    /// <summary>What went wrong, in a word, where <see cref="Status"/> is <see cref="LinkStatus.Failed"/>.</summary>
    public string? Error { get; init; }

    public ETag ETag { get; init; }
}
