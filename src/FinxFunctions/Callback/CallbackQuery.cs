using FinxFunctions.Primitives;

namespace FinxFunctions.Callback;

/// <summary>
/// What finX's redirect says, read by name in any order. finX documents two variants: one sends <c>cancel</c> when the user cancelled, the
/// other always sends <c>abort</c>, true or false. Values are texts; what is not known is passed over.
/// </summary>
/// <param name="Code">Present only on success.</param>
/// <param name="IsSuccess">What <c>success</c> says; null where it is absent.</param>
public sealed record CallbackQuery(string? State, string? FlowId, Secret? Code, bool? IsSuccess, bool IsCancelled)
{
    public static CallbackQuery Read(IQueryCollection query) => new(
        TextOf(query, "state"),
        TextOf(query, "flow_id"),
        TextOf(query, "code") is { } code ? new Secret(code) : null,
        TextOf(query, "success") is { } success ? IsTrue(success) : null,
        IsTrue(TextOf(query, "cancel")) || IsTrue(TextOf(query, "abort")));

    private static string? TextOf(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text, ..] ? text : null;

    private static bool IsTrue(string? text) => text is "1" || string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);
}
