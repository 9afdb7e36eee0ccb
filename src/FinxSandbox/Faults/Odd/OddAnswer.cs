using FinxSandbox.Calls;

namespace FinxSandbox.Faults.Odd;

/// <summary>An answer that token endpoints, gateways and vaults give in real life, and that a client may not expect.</summary>
internal sealed record OddAnswer
{
    /// <summary>All odd answers by name.</summary>
    public static readonly IReadOnlyDictionary<string, OddAnswer> All =
        ((IEnumerable<OddAnswer>)[.. OddRefusals.All, .. OddDelays.All, .. OddData.All, .. OddSuccesses.All, .. OddVault.All]).ToDictionary(odd => odd.Name);

    private readonly Func<Answer, DateTimeOffset, Answer> _make;

    private OddAnswer(string name, bool isMadeOfRight, Func<Answer, DateTimeOffset, Answer> make) => (Name, IsMadeOfRight, _make) = (name, isMadeOfRight, make);

    public string Name { get; }

    /// <summary>Whether it contains the right answer, so that the call acts. Any other answer is given whether the call acts or not.</summary>
    public bool IsMadeOfRight { get; }

    /// <summary>An answer in JSON.</summary>
    public static OddAnswer Json(string name, int status, string body, params IEnumerable<(string Name, string Value)> headers) =>
        new(name, false, (_, _) => headers.Aggregate(Answer.Text(status, "application/json", body), (answer, header) => answer.With(header.Name, header.Value)));

    /// <summary>Any other answer.</summary>
    /// <param name="make">Takes the time by finX's clock.</param>
    public static OddAnswer Whole(string name, Func<DateTimeOffset, Answer> make) => new(name, false, (_, now) => make(now));

    /// <summary>The right answer, changed. An answer that is a refusal, or has no body, stays as it is.</summary>
    public static OddAnswer Of(string name, Func<Answer, Answer> change) =>
        new(name, true, (right, _) => right is { Status: StatusCodes.Status200OK or StatusCodes.Status201Created, Body.Length: > 0 } ? change(right) : right);

    /// <param name="right">The right answer; null where the call did not act.</param>
    /// <param name="now">The time by finX's clock.</param>
    public Answer Of(Answer? right, DateTimeOffset now) => _make(right ?? Answer.Empty(StatusCodes.Status200OK), now);
}
