namespace FinxFunctions.Finx;

/// <summary>What the headers of a token answer say.</summary>
/// <param name="AsksForClient">Whether the answer wants Basic authentication: it refuses the client's credentials.</param>
/// <param name="RetryAfter">How long it asks to wait.</param>
/// <param name="Encodings">The names in <c>Content-Encoding</c>, in the order in which they were applied.</param>
public sealed record AnswerHeaders(bool AsksForClient, TimeSpan? RetryAfter, IReadOnlyList<string> Encodings)
{
    public static AnswerHeaders Of(HttpResponseMessage response, DateTimeOffset now) => new(
        response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var challenges) && challenges.Any(IsBasic),
        RetryAfterHeader.Of(response.Headers, now),
        response.Content.Headers.NonValidated.TryGetValues("Content-Encoding", out var encodings) ? [.. encodings.SelectMany(NamesOf)] : []);

    // A line may hold several challenges: Bearer realm="x", Basic realm="y".
    private static bool IsBasic(string challenges) =>
        challenges.Split(',', StringSplitOptions.TrimEntries).Any(part => part.Equals("Basic", StringComparison.OrdinalIgnoreCase) || part.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> NamesOf(string line) =>
        line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(name => !name.Equals("identity", StringComparison.OrdinalIgnoreCase));
}
